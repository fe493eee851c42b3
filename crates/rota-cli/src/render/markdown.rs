//! Markdown whose content is shown as it was written: names and reasons never become marks.

/// Text in which no sign is a mark of Markdown or of HTML.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let signs: Vec<char> = text.chars().collect();
    for (at, sign) in signs.iter().enumerate() {
        let is_word =
            |at: Option<usize>| at.and_then(|at| signs.get(at)).is_some_and(|sign| sign.is_alphanumeric());
        let is_mark = match sign {
            '\\' | '*' | '`' | '<' | '[' | ']' | '|' => true,
            // Inside a word it is a sign like any other.
            '_' => !(is_word(at.checked_sub(1)) && is_word(Some(at + 1))),
            // At the beginning of a line: a heading, a list, a quotation.
            '#' | '>' | '+' | '-' => at == 0,
            _ => false,
        };
        if is_mark {
            escaped.push('\\');
        }
        escaped.push(*sign);
    }
    escaped
}

/// The heading of the whole page.
pub fn title(text: &str) -> String {
    format!("# {}", escape(text))
}

/// Several lines as one paragraph, each on a line of its own.
pub fn paragraph(text: &str) -> String {
    text.lines().map(|line| escape(line.trim())).collect::<Vec<_>>().join("  \n")
}

/// A sentence or several, and below it the lines that follow as a list, deeper where they are indented.
pub fn section(head: &str, lines: &[String]) -> String {
    let list = list(lines);
    match (head.is_empty(), list.is_empty()) {
        (true, _) => list,
        (_, true) => paragraph(head),
        _ => format!("{}\n\n{list}", paragraph(head)),
    }
}

/// A page's text: lines as paragraphs, and those indented by two as lists.
pub fn told(text: &str) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let (mut head, mut lines) = (Vec::new(), Vec::new());
    for line in text.lines().chain([""]) {
        if let Some(inner) = line.strip_prefix("  ") {
            lines.push(inner.to_string());
            continue;
        }
        if !lines.is_empty() || line.is_empty() {
            blocks.push(section(&head.join("\n"), &lines));
            (head, lines) = (Vec::new(), Vec::new());
        }
        if !line.is_empty() {
            head.push(line);
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n")
}

/// A heading and its list.
pub fn headed(head: &str, lines: &[String]) -> String {
    format!("## {}\n\n{}", escape(head), list(lines))
}

/// Signs by which a line of a list stands below another.
const DEPTH: usize = 3;

fn list(lines: &[String]) -> String {
    let items: Vec<String> = lines
        .iter()
        .map(|line| {
            let deep = (line.len() - line.trim_start().len()) / DEPTH;
            format!("{}- {}", "  ".repeat(deep), escape(line.trim()))
        })
        .collect();
    items.join("\n")
}

/// A table.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut lines = vec![format!("| {} |", head.join(" | ")), format!("|{}", "---|".repeat(head.len()))];
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| escape(cell)).collect();
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names() {
        assert_eq!(escape("*Amy* <b> [x] a_b _c_ d|e"), "\\*Amy\\* \\<b> \\[x\\] a_b \\_c\\_ d\\|e");
        assert_eq!(escape("# one"), "\\# one");
        assert_eq!(escape("coding_room, Mon 15 June; 1-2"), "coding_room, Mon 15 June; 1-2");
        assert_eq!(table(&["who"], &[vec!["a|b".to_string()]]), "| who |\n|---|\n| a\\|b |");
    }

    #[test]
    fn lines_below_are_lists() {
        let lines = ["one".to_string(), "   two".to_string()];
        assert_eq!(section("Head:", &lines), "Head:\n\n- one\n  - two");
        assert_eq!(headed("A_", &lines[..1]), "## A\\_\n\n- one");
        assert_eq!(told("Head:\n  one\n      two\nEnd.\n"), "Head:\n\n- one\n  - two\n\nEnd.");
        assert_eq!(section("Only\nthis", &[]), "Only  \nthis");
    }
}
