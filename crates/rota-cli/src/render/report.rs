//! A report in one file of HTML: needs no other file, no script and no network; readable printed and in the dark.

use rota_io::pictures::escape;
use rota_io::seal;

/// A table with its caption.
pub struct Grid<'a> {
    /// Its heading.
    pub caption: String,
    /// What each column holds.
    pub head: Vec<&'a str>,
    /// Its rows; the first cell names the row.
    pub rows: Vec<Vec<String>>,
    /// A sentence below it.
    pub below: Option<String>,
}

const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:1.5rem auto;\
padding:0 1rem;color:#111;background:#fff}table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:bold;\
padding:.3rem 0}th,td{border:1px solid #767676;padding:.25rem .6rem;text-align:left}thead th{background:#eee;color:#111}\
figure{margin:1rem 0;background:#fff;color:#111;break-inside:avoid}figure svg{max-width:100%;height:auto}.wide{overflow-x:auto}\
.wide:focus{outline:3px solid #0b4f8a}@media (prefers-color-scheme:dark){body{color:#eee;background:#1b1b1b}}\
@media print{body{max-width:none;margin:0;color:#000;background:#fff}tr{break-inside:avoid}}@page{size:A4;margin:15mm}";

/// The whole page around its body.
pub fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    seal::page(&format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    ))
}

/// The answer, before everything else.
pub fn verdict(lines: &[String]) -> String {
    let lines: Vec<String> =
        lines.iter().map(|line| format!("<p><strong>{}</strong></p>\n", escape(line))).collect();
    lines.concat()
}

/// A paragraph.
pub fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

/// A list; lines that are indented stand below the one before them.
pub fn list(lines: &[String]) -> String {
    let mut items: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines {
        match items.last_mut() {
            Some((_, below)) if line.starts_with(' ') => below.push(line.trim()),
            _ => items.push((line.trim(), Vec::new())),
        }
    }
    let plain = |line: &&str| format!("<li>{}</li>\n", escape(line));
    let item = |(line, below): &(&str, Vec<&str>)| {
        if below.is_empty() {
            return plain(line);
        }
        let inner: Vec<String> = below.iter().map(plain).collect();
        format!("<li>{}\n<ul>\n{}</ul></li>\n", escape(line), inner.concat())
    };
    let items: Vec<String> = items.iter().map(item).collect();
    format!("<ul>\n{}</ul>\n", items.concat())
}

/// A table that can be reached and moved sideways by keyboard.
pub fn table(grid: &Grid<'_>) -> String {
    let head: Vec<String> =
        grid.head.iter().map(|cell| format!("<th scope=\"col\">{}</th>", escape(cell))).collect();
    let rows: Vec<String> = grid
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .enumerate()
                .map(|(at, cell)| match at {
                    0 => format!("<th scope=\"row\">{}</th>", escape(cell)),
                    _ => format!("<td>{}</td>", escape(cell)),
                })
                .collect();
            format!("<tr>{}</tr>\n", cells.concat())
        })
        .collect();
    let below = grid.below.as_ref().map(|line| format!("<p>{}</p>\n", escape(line))).unwrap_or_default();
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table><caption>{0}</caption><thead><tr>{1}</tr></thead>\n\
         <tbody>\n{2}</tbody></table></div>\n{below}",
        escape(&grid.caption),
        head.concat(),
        rows.concat()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_indented_stands_below() {
        let lines = ["one <b>", "    two", "three"].map(str::to_string);
        assert_eq!(
            list(&lines),
            "<ul>\n<li>one &lt;b&gt;\n<ul>\n<li>two</li>\n</ul></li>\n<li>three</li>\n</ul>\n"
        );
    }
}
