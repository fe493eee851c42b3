//! Where things stand in a JSON text: from a JSON pointer to line and column, and from an offset to a pointer.

use crate::finding::{pointer_part, Finding};
use std::ops::Range;

/// The places of every value of one JSON text.
///
/// Built only when there is something to report: one pass over the text. The text need not be valid beyond
/// the part that was read; what cannot be followed ends the pass. A byte order mark is passed over and counts
/// as no column.
#[derive(Debug)]
pub struct Positions<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    line_starts: Vec<usize>,
}

#[derive(Debug)]
struct Node {
    /// The name's bytes, quotes included, where the value is a member of an object.
    key: Option<Range<usize>>,
    value: Range<usize>,
    children: Vec<u32>,
}

/// Spreadsheets' and editors' byte order mark.
const MARK: &str = "\u{feff}";

impl<'t> Positions<'t> {
    /// Reads the places of `text`.
    pub fn new(text: &'t str) -> Positions<'t> {
        let start = if text.starts_with(MARK) { MARK.len() } else { 0 };
        let mut line_starts = vec![start];
        line_starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
        let mut scan = Scan { bytes: text.as_bytes(), at: start, nodes: Vec::new(), depth: 0 };
        scan.value(None);
        Positions { text, nodes: scan.nodes, line_starts }
    }

    fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// 1-based line and column (in characters) of a byte offset.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let line = self.line(offset);
        let before = self.text.get(self.line_starts[line]..offset).unwrap_or("");
        (line as u32 + 1, before.chars().count() as u32 + 1)
    }

    /// Byte offset of a 1-based line and byte column, as `serde_json` counts them.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        (start + column.saturating_sub(1)).min(self.text.len())
    }

    fn name(&self, node: &Node) -> Option<String> {
        let raw = self.text.get(node.key.clone()?)?;
        let inner = raw.get(1..raw.len().checked_sub(1)?)?;
        if inner.contains('\\') {
            serde_json::from_str(raw).ok()
        } else {
            Some(inner.to_string())
        }
    }

    fn is_named(&self, node: &Node, name: &str) -> bool {
        let Some(raw) = node.key.clone().and_then(|key| self.text.get(key)) else { return false };
        match raw.get(1..raw.len().saturating_sub(1)) {
            Some(inner) if !inner.contains('\\') => inner == name,
            _ => self.name(node).is_some_and(|own| own == name),
        }
    }

    fn is_list_node(&self, node: &Node) -> bool {
        self.text.as_bytes().get(node.value.start) == Some(&b'[')
    }

    /// The node at `pointer` or the nearest above it that exists, and how much of the pointer leads there.
    fn walk(&self, pointer: &str) -> (&Node, usize) {
        let mut node = &self.nodes[0];
        let mut length = 0;
        for part in pointer.split('/').skip(1) {
            let below = if self.is_list_node(node) {
                part.parse::<usize>().ok().and_then(|at| node.children.get(at))
            } else {
                let name = part.replace("~1", "/").replace("~0", "~");
                node.children.iter().find(|child| self.is_named(&self.nodes[**child as usize], &name))
            };
            let Some(below) = below else { break };
            node = &self.nodes[*below as usize];
            length += 1 + part.len();
        }
        (node, length)
    }

    /// Byte range of the value at `pointer`, or of the nearest place above it that exists.
    pub fn locate(&self, pointer: &str) -> Range<usize> {
        self.walk(pointer).0.value.clone()
    }

    /// The part of `pointer` that exists.
    pub fn existing<'p>(&self, pointer: &'p str) -> &'p str {
        &pointer[..self.walk(pointer).1]
    }

    /// Whether the value at `pointer` is a list.
    pub fn is_list(&self, pointer: &str) -> bool {
        let (node, length) = self.walk(pointer);
        length == pointer.len() && self.is_list_node(node)
    }

    /// Where a name stands in the object at `pointer`; the last time when it is there more than once.
    pub fn locate_name(&self, pointer: &str, name: &str) -> Option<usize> {
        let node = self.walk(pointer).0;
        let mut named = node.children.iter().rev().map(|child| &self.nodes[*child as usize]);
        named
            .find(|child| self.is_named(child, name))
            .and_then(|child| child.key.as_ref().map(|key| key.start))
    }

    /// The innermost key or value that holds the byte at `offset` (or ends right there): its pointer and where it starts.
    pub fn innermost(&self, offset: usize) -> (String, usize) {
        let mut pointer = String::new();
        let mut node = &self.nodes[0];
        let mut start = node.value.start;
        let holds = |range: &Range<usize>| range.start <= offset && offset <= range.end;
        loop {
            let below = node.children.iter().enumerate().rev().find_map(|(at, child)| {
                let child = &self.nodes[*child as usize];
                let place = std::iter::once(&child.value).chain(&child.key).find(|range| holds(range))?;
                Some((at, child, place.start))
            });
            let Some((at, child, place)) = below else { return (pointer, start) };
            pointer.push('/');
            match self.name(child) {
                Some(name) => pointer.push_str(&pointer_part(&name)),
                None => pointer.push_str(&at.to_string()),
            }
            (node, start) = (child, place);
        }
    }

    /// Fills in file, line and column of findings that carry a pointer.
    pub fn place(&self, file: &str, findings: &mut [Finding]) {
        self.fill(findings);
        for finding in findings {
            finding.file = Some(file.to_string());
        }
    }

    /// Fills in line and column of findings that carry a pointer, and cuts pointers back to what exists. A name
    /// quoted by the message is pointed at inside a longer text that holds it.
    pub fn fill(&self, findings: &mut [Finding]) {
        let mut places: Vec<(usize, usize)> = Vec::new();
        for (at, finding) in findings.iter_mut().enumerate() {
            let pointer = finding.pointer.get_or_insert_default();
            let (node, length) = self.walk(pointer);
            // A part that is in another file keeps its pointer.
            if length > 0 {
                pointer.truncate(length);
            }
            if finding.line.is_none() {
                let inside = if length == 0 { 0 } else { self.quoted_in(node, &finding.message) };
                places.push((node.value.start + inside, at));
            }
        }
        self.fill_offsets(places, findings);
    }

    /// Fills in line and column of findings of which the byte offset is known: offset and position in the list.
    pub fn fill_offsets(&self, mut places: Vec<(usize, usize)>, findings: &mut [Finding]) {
        places.sort_unstable();
        // Columns are counted onward from the finding before, for texts with long lines.
        let (mut line, mut from, mut column) = (0, self.line_starts[0], 1u32);
        for (offset, at) in places {
            let offset = offset.min(self.text.len());
            let own = self.line(offset);
            if own != line {
                (line, from, column) = (own, self.line_starts[own], 1);
            }
            column += self.text.get(from..offset).map_or(0, |text| text.chars().count() as u32);
            from = from.max(offset);
            findings[at].line = Some(line as u32 + 1);
            findings[at].column = Some(column);
        }
    }

    /// Where the first thing that a message quotes stands in the text at `node`; 0 when it is not part of it.
    fn quoted_in(&self, node: &Node, message: &str) -> usize {
        let Some(text) = self.text.get(node.value.clone()).filter(|text| text.starts_with('"')) else {
            return 0;
        };
        let Some(quoted) = message.split('`').nth(1).filter(|quoted| !quoted.is_empty()) else { return 0 };
        if quoted.len() + 2 >= text.len() {
            return 0;
        }
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let found = text.match_indices(quoted).find(|(at, _)| {
            !is_letter(text[..*at].chars().next_back())
                && !is_letter(text[at + quoted.len()..].chars().next())
        });
        found.map_or(0, |(at, _)| at)
    }
}

/// Deeper nesting than any document has; `serde_json` stops at the same depth.
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

    /// Passes over a list or an object without a look inside.
    fn pass(&mut self) -> Option<()> {
        let mut open = 0usize;
        loop {
            match self.bytes.get(self.at)? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open = open.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Some(());
            }
        }
    }

    /// Reads one value; `None` when the text cannot be followed any further.
    fn value(&mut self, key: Option<Range<usize>>) -> Option<u32> {
        self.blank();
        let start = self.at;
        let place = self.nodes.len();
        self.nodes.push(Node { key, value: start..self.bytes.len(), children: Vec::new() });
        let read = match self.bytes.get(self.at) {
            None => None,
            Some(b'{' | b'[') if self.depth >= DEEPEST => self.pass(),
            Some(open @ (b'{' | b'[')) => {
                self.depth += 1;
                let mut children = Vec::new();
                let read = self.members(if *open == b'{' { b'}' } else { b']' }, &mut children);
                self.depth -= 1;
                self.nodes[place].children = children;
                read
            }
            Some(b'"') => self.string().map(|_| ()),
            Some(_) => {
                while self.bytes.get(self.at).is_some_and(|byte| !b",]} \t\r\n".contains(byte)) {
                    self.at += 1;
                }
                Some(())
            }
        };
        read?;
        self.nodes[place].value = start..self.at;
        Some(place as u32)
    }

    fn members(&mut self, close: u8, children: &mut Vec<u32>) -> Option<()> {
        self.at += 1;
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
                    self.blank();
                    if *self.bytes.get(self.at)? != b':' {
                        return None;
                    }
                    self.at += 1;
                    children.push(self.nodes.len() as u32);
                    self.value(Some(key))?;
                }
                b'}' | b']' => return None,
                _ if close == b']' => {
                    children.push(self.nodes.len() as u32);
                    self.value(None)?;
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
        assert_eq!(positions.existing("/a/0/gone"), "/a/0");
        assert_eq!(positions.line_column(positions.locate("/a/1/bé").start), (2, 19));
        assert!(positions.is_list("/a") && !positions.is_list("/a/1") && !positions.is_list("/a/7"));
    }

    #[test]
    fn offsets_lead_to_the_innermost_place() {
        let positions = Positions::new(TEXT);
        let at = TEXT.find("true").expect("in the text");
        assert_eq!(positions.innermost(at), ("/a/1/bé".to_string(), at));
        let at = TEXT.find("\"bé").expect("in the text");
        assert_eq!(positions.innermost(at + 1), ("/a/1/bé".to_string(), at));
    }

    #[test]
    fn broken_text_is_followed_as_far_as_it_goes() {
        let text = "{\"a\": {\"b\": 1, ";
        let positions = Positions::new(text);
        assert_eq!(&text[positions.locate("/a/b")], "1");
        for text in ["", "[", "{\"a", "{\"a\"", "{\"a\\", "]", "{]", "[}", "\u{feff}"] {
            assert_eq!(Positions::new(text).innermost(0).1, Positions::new(text).locate("").start);
        }
    }

    #[test]
    fn deep_nesting_is_passed_over() {
        let text = format!("[{}{}, 7]", "[".repeat(10_000), "]".repeat(10_000));
        let positions = Positions::new(&text);
        assert_eq!(&text[positions.locate("/1")], "7");
        Positions::new(&"[".repeat(1_000_000));
    }

    #[test]
    fn findings_of_one_long_line_are_placed_together() {
        let text = "\u{feff}{ \"é\": [1, 2], \"who\": \"coding and trainee\" }";
        let positions = Positions::new(text);
        let mut findings = vec![
            Finding::error("a.nobody", "/who", "there is no `trainee`"),
            Finding::error("a.b", "/é/1", "two"),
            Finding::error("a.b", "/é/0/none", "one"),
        ];
        positions.fill(&mut findings);
        let places: Vec<(u32, u32)> =
            findings.iter().map(|f| (f.line.unwrap_or(0), f.column.unwrap_or(0))).collect();
        assert_eq!(places, [(1, 35), (1, 12), (1, 9)]);
        assert_eq!(findings[2].pointer.as_deref(), Some("/é/0"));
    }
}
