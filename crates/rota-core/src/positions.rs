//! Where things stand in a JSON text: from a JSON pointer to line and column, and from an offset to a pointer.

use crate::finding::{pointer_part, Finding};
use std::ops::Range;

/// The places of every value of one JSON text.
///
/// Built only when there is something to report: one pass over the text. The text need not be valid beyond
/// the part that was read; what cannot be followed ends the pass.
#[derive(Debug)]
pub struct Positions<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    line_starts: Vec<usize>,
}

#[derive(Debug)]
struct Node {
    pointer: String,
    /// The key's bytes where the value is a member of an object.
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl<'t> Positions<'t> {
    /// Reads the places of `text`.
    pub fn new(text: &'t str) -> Positions<'t> {
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
        let mut scan = Scan { bytes: text.as_bytes(), at: 0, nodes: Vec::new(), depth: 0 };
        scan.value(String::new(), None);
        Positions { text, nodes: scan.nodes, line_starts }
    }

    /// 1-based line and column (in characters) of a byte offset.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|start| *start <= offset) - 1;
        let before = self.text.get(self.line_starts[line]..offset).unwrap_or("");
        (line as u32 + 1, before.chars().count() as u32 + 1)
    }

    /// Byte offset of a 1-based line and byte column, as serde_json counts them.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        (start + column.saturating_sub(1)).min(self.text.len())
    }

    /// Byte range of the value at `pointer`, or of the nearest place above it that exists.
    pub fn locate(&self, pointer: &str) -> Range<usize> {
        let mut pointer = pointer;
        loop {
            if let Some(node) = self.nodes.iter().find(|node| node.pointer == pointer) {
                return node.value.clone();
            }
            match pointer.rfind('/') {
                Some(cut) => pointer = &pointer[..cut],
                None => return 0..0,
            }
        }
    }

    /// The innermost key or value that holds the byte at `offset` (or ends right there): its pointer and where it starts.
    pub fn innermost(&self, offset: usize) -> (String, usize) {
        let mut best: Option<(usize, &Node, usize)> = None;
        for node in &self.nodes {
            for range in node.key.iter().chain(std::iter::once(&node.value)) {
                let length = range.end - range.start;
                if range.start <= offset
                    && offset <= range.end
                    && best.is_none_or(|(shortest, _, _)| length <= shortest)
                {
                    best = Some((length, node, range.start));
                }
            }
        }
        best.map_or((String::new(), offset), |(_, node, start)| (node.pointer.clone(), start))
    }

    /// Fills in file, line and column of findings that carry a pointer.
    pub fn place(&self, file: &str, findings: &mut [Finding]) {
        let index: std::collections::HashMap<&str, &Node> =
            self.nodes.iter().map(|node| (node.pointer.as_str(), node)).collect();
        for finding in findings {
            finding.file = Some(file.to_string());
            if finding.line.is_some() {
                continue;
            }
            let mut pointer = finding.pointer.as_deref().unwrap_or("");
            let offset = loop {
                if let Some(node) = index.get(pointer) {
                    break node.value.start;
                }
                match pointer.rfind('/') {
                    Some(cut) => pointer = &pointer[..cut],
                    None => break 0,
                }
            };
            let (line, column) = self.line_column(offset);
            finding.line = Some(line);
            finding.column = Some(column);
        }
    }
}

/// Deeper nesting than any document has; serde_json stops at the same depth.
const DEEPEST: usize = 128;

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
    depth: usize,
}

impl Scan<'_> {
    fn blank(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return Some(start..self.at);
                }
                _ => self.at += 1,
            }
        }
        None
    }

    /// Reads one value; `None` when the text cannot be followed any further.
    fn value(&mut self, pointer: String, key: Option<Range<usize>>) -> Option<()> {
        self.blank();
        let start = self.at;
        let place = self.nodes.len();
        self.nodes.push(Node { pointer: pointer.clone(), key, value: start..self.bytes.len() });
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        match self.bytes.get(self.at)? {
            b'{' => self.members(&pointer, b'}')?,
            b'[' => self.members(&pointer, b']')?,
            b'"' => {
                self.string()?;
            }
            _ => {
                while self.bytes.get(self.at).is_some_and(|byte| !b",]} \t\r\n".contains(byte)) {
                    self.at += 1;
                }
            }
        }
        self.depth -= 1;
        self.nodes[place].value = start..self.at;
        Some(())
    }

    fn members(&mut self, pointer: &str, close: u8) -> Option<()> {
        self.at += 1;
        let mut index = 0usize;
        loop {
            self.blank();
            match self.bytes.get(self.at)? {
                byte if *byte == close => {
                    self.at += 1;
                    return Some(());
                }
                b',' => self.at += 1,
                b'"' if close == b'}' => {
                    let key = self.string()?;
                    let raw = std::str::from_utf8(&self.bytes[key.clone()]).ok()?;
                    let name: String = serde_json::from_str(raw).ok()?;
                    self.blank();
                    if *self.bytes.get(self.at)? != b':' {
                        return None;
                    }
                    self.at += 1;
                    self.value(format!("{pointer}/{}", pointer_part(&name)), Some(key))?;
                }
                _ if close == b']' => {
                    self.value(format!("{pointer}/{index}"), None)?;
                    index += 1;
                }
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\n  \"a\": [1, {\"bé\": true}],\n  \"x/y\": \"z\"\n}";

    #[test]
    fn pointers_are_found() {
        let positions = Positions::new(TEXT);
        assert_eq!(&TEXT[positions.locate("/a/1/bé")], "true");
        assert_eq!(&TEXT[positions.locate("/x~1y")], "\"z\"");
        assert_eq!(&TEXT[positions.locate("/a/0/gone")], "1");
        assert_eq!(positions.line_column(positions.locate("/a/1/bé").start), (2, 19));
    }

    #[test]
    fn offsets_lead_to_the_innermost_place() {
        let positions = Positions::new(TEXT);
        let at = TEXT.find("true").expect("in the text");
        assert_eq!(positions.innermost(at), ("/a/1/bé".to_string(), at));
    }

    #[test]
    fn broken_text_is_followed_as_far_as_it_goes() {
        let text = "{\"a\": {\"b\": 1, ";
        let positions = Positions::new(text);
        assert_eq!(&text[positions.locate("/a/b")], "1");
    }
}
