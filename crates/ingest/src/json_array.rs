//! A JSON array of objects, read as one object a line.

/// Makes the elements of a JSON array lines, in place; a text that is none stays as it is.
///
/// What separates the elements becomes a line end, and line ends within them become blanks, which mean the same in JSON.
/// So nothing is copied, nothing is nested deeper than a counter, and an element that is broken is a line that does not
/// parse. What follows the array stays as it is.
///
/// ```
/// let mut text = b"[{\"a\": [1, 2]},\n {\"b\":\n  3}]".to_vec();
/// bartizan_ingest::split_json_array(&mut text);
/// assert_eq!(text, b"\n{\"a\": [1, 2]}\n  {\"b\":   3}\n");
/// ```
pub fn split_json_array(text: &mut [u8]) {
    let mut bytes = text.iter_mut().skip_while(|byte| byte.is_ascii_whitespace());
    let Some(open) = bytes.next().filter(|byte| **byte == b'[') else { return };
    let mut bytes = bytes.skip_while(|byte| byte.is_ascii_whitespace()).peekable();
    // A line of a log may begin with a bracket, and none with these two.
    if !matches!(bytes.peek(), Some(b'{' | b']')) {
        return;
    }
    *open = b'\n';
    let mut depth = 0_usize;
    let mut is_string = false;
    let mut is_escaped = false;
    for byte in bytes {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
        if is_string {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => is_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => is_string = true,
            b'{' | b'[' => depth = depth.saturating_add(1),
            b',' if depth == 0 => *byte = b'\n',
            b']' if depth == 0 => {
                *byte = b'\n';
                return;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn lines(text: &str) -> Vec<String> {
        let mut bytes = text.as_bytes().to_vec();
        split_json_array(&mut bytes);
        let text = String::from_utf8(bytes).expect("only ASCII was replaced");
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn elements_become_lines_and_other_texts_stay() {
        let pretty = "\n[\n  {\n    \"a\": \"],{\\\"\",\r\n    \"b\": [1, {}]\n  }\n,\n  {\"c\": 2}\n]\n{\"d\": 3}\n{\"e\": 4}";
        let elements: Vec<String> = lines(pretty).iter().map(|line| line.replace(' ', "")).collect();
        assert_eq!(elements, ["{\"a\":\"],{\\\"\",\"b\":[1,{}]}", "{\"c\":2}", "{\"d\":3}", "{\"e\":4}"]);
        assert_eq!(lines("[]"), Vec::<String>::new());
        assert_eq!(lines("[{\"a\":1},{\"b\""), ["{\"a\":1}", "{\"b\""], "what was cut off is a line too");
        for other in [
            "{\"a\":1}\n{\"b\":[\n1]}",
            "[04/Mar/2026:05:06:07 +0000] GET /a,b",
            "[::1] - -\n[::1] - -",
            "[1, 2]",
            "",
            "[",
        ] {
            let mut bytes = other.as_bytes().to_vec();
            split_json_array(&mut bytes);
            assert_eq!(bytes, other.as_bytes());
        }
    }

    fn objects() -> impl Strategy<Value = Vec<Value>> {
        let leaf = prop_oneof![
            "\\PC{0,8}".prop_map(Value::from),
            "[\\[\\]{},\"\\\\\n]{0,6}".prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
        ];
        let value = leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("\\PC{0,4}", inner, 0..3)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        });
        prop::collection::vec(
            prop::collection::btree_map("\\PC{0,4}", value, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            0..6,
        )
    }

    proptest! {
        #[test]
        fn every_array_of_objects_is_read_back(objects in objects(), is_pretty in any::<bool>()) {
            let array = Value::from(objects.clone());
            let text = if is_pretty { serde_json::to_string_pretty(&array) } else { serde_json::to_string(&array) };
            let read: Result<Vec<Value>, _> =
                lines(&text.expect("JSON")).iter().map(|line| serde_json::from_str(line)).collect();
            prop_assert_eq!(read.expect("each line is one"), objects);
        }

        #[test]
        fn any_bytes_keep_their_length(text in prop::collection::vec(prop_oneof![
            Just(b'['), Just(b'{'), Just(b'"'), Just(b'\\'), Just(b']'), Just(b'}'), Just(b','), Just(b'\n'), any::<u8>(),
        ], 0..80)) {
            let mut split = text.clone();
            split_json_array(&mut split);
            prop_assert_eq!(split.len(), text.len());
        }
    }
}
