//! HTML and SVG whose texts are always escaped: an element is built from parts, and only names of elements and
//! attributes, which the program itself writes, are taken as they are.

/// One element with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    name: &'static str,
    attributes: String,
    inside: String,
}

/// Elements of HTML that have no end.
const WITHOUT_END: [&str; 4] = ["meta", "input", "br", "hr"];

/// An element without anything in it yet.
pub fn element(name: &'static str) -> Element {
    Element { name, attributes: String::new(), inside: String::new() }
}

/// Text in which no sign is a mark of HTML or XML.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Not allowed in XML, or turning the direction of what follows.
            '\t' | '\n' => escaped.push(' '),
            sign if sign.is_control()
                || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}') =>
            {
                escaped.push('?');
            }
            sign => escaped.push(sign),
        }
    }
    escaped
}

impl Element {
    /// With an attribute; its value is escaped.
    #[must_use]
    #[allow(clippy::needless_pass_by_value)] // texts and numbers alike, made where they are written
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Element {
        self.attributes.push_str(&format!(" {name}=\"{}\"", escape(&value.to_string())));
        self
    }

    /// With a class.
    #[must_use]
    pub fn class(self, names: &str) -> Element {
        self.with("class", names)
    }

    /// With an attribute that has no value.
    #[must_use]
    pub fn flag(mut self, name: &'static str) -> Element {
        self.attributes.push_str(&format!(" {name}"));
        self
    }

    /// With a text in it, escaped.
    #[must_use]
    pub fn text(mut self, text: &str) -> Element {
        self.inside.push_str(&escape(text));
        self
    }

    /// With another element in it.
    #[must_use]
    pub fn holds(mut self, other: &Element) -> Element {
        self.inside.push_str(&other.write());
        self
    }

    /// With other elements in it.
    #[must_use]
    pub fn all(self, others: impl IntoIterator<Item = Element>) -> Element {
        others.into_iter().fold(self, |element, other| element.holds(&other))
    }

    /// With style or script of the program's own in it, taken as it is.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Element {
        self.inside.push_str(code);
        self
    }

    /// As it stands in a file.
    pub fn write(&self) -> String {
        let Element { name, attributes, inside } = self;
        if WITHOUT_END.contains(name) {
            return format!("<{name}{attributes}>");
        }
        let line = if matches!(*name, "tr" | "section" | "div" | "p" | "li" | "table" | "g" | "article") {
            "\n"
        } else {
            ""
        };
        format!("<{name}{attributes}>{inside}</{name}>{line}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_values_are_escaped() {
        let name = "<script>alert('x')</script> & \"co\"";
        let cell = element("td").with("title", name).text(name);
        assert_eq!(
            cell.write(),
            "<td title=\"&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;co&quot;\">\
             &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;co&quot;</td>"
        );
        assert_eq!(element("meta").with("charset", "utf-8").write(), "<meta charset=\"utf-8\">");
    }
}
