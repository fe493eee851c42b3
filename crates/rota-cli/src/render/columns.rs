//! Lines whose parts stand under each other.

use unicode_width::UnicodeWidthStr;

/// Joins the parts of each row so that every column begins at the same place; two blanks apart.
pub fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|part| part.width()).max();
    let widths: Vec<usize> = (0..count).map(|column| wide(column).unwrap_or(0)).collect();
    rows.iter()
        .map(|row| {
            let mut line = String::new();
            for (part, width) in row.iter().zip(&widths) {
                line.push_str(part);
                line.push_str(&" ".repeat(width - part.width() + 2));
            }
            line.trim_end().to_string()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_under_each_other_in_any_script() {
        let row = |parts: [&str; 2]| parts.map(str::to_string).to_vec();
        assert_eq!(columns(&[row(["山田", "home"]), row(["Li", "in"])]), ["山田  home", "Li    in"]);
    }
}
