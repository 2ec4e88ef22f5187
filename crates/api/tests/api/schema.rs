//! Whether a value is what a schema of the OpenAPI document says: the part of JSON Schema (2020-12) that the document uses.
//! A keyword that is not known here fails, so that none is passed over in silence.

use serde_json::{Map, Value};

/// What says nothing about whether a value is right.
const NOTES: &[&str] = &["description", "format", "default", "title", "example", "examples", "deprecated"];

/// What is wrong with a value, and where.
pub(crate) fn problem(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let schema = match schema {
        Value::Bool(true) => return None,
        Value::Object(schema) => schema,
        _ => return Some(format!("{at}: nothing may be here")),
    };
    schema
        .iter()
        .find_map(|(keyword, wanted)| keyword_problem(document, schema, (keyword, wanted), value, at))
}

fn keyword_problem(
    document: &Value,
    schema: &Map<String, Value>,
    (keyword, wanted): (&str, &Value),
    value: &Value,
    at: &str,
) -> Option<String> {
    let check = |schema: &Value, value: &Value, at: &str| problem(document, schema, value, at);
    let members = value.as_object();
    match keyword {
        "$ref" => {
            let pointer =
                wanted.as_str().and_then(|reference| reference.strip_prefix('#')).expect("a reference");
            let named = document.pointer(pointer).unwrap_or_else(|| panic!("{pointer} leads nowhere"));
            check(named, value, at)
        }
        "type" => {
            let types = wanted.as_array().map_or(std::slice::from_ref(wanted), Vec::as_slice);
            let fits = types.iter().any(|name| is_of_type(value, name.as_str().expect("a type")));
            (!fits).then(|| format!("{at}: {value} is not of type {wanted}"))
        }
        "enum" => {
            let known = wanted.as_array().expect("values").contains(value);
            (!known).then(|| format!("{at}: {value} is none of {wanted}"))
        }
        "minimum" | "maximum" => {
            let (number, bound) = (value.as_f64()?, wanted.as_f64().expect("a number"));
            let fits = if keyword == "minimum" { number >= bound } else { number <= bound };
            (!fits).then(|| format!("{at}: {value} is beyond the {keyword} {wanted}"))
        }
        "required" => {
            let members = members?;
            let mut names =
                wanted.as_array().expect("names").iter().map(|name| name.as_str().expect("a name"));
            names.find(|name| !members.contains_key(*name)).map(|name| format!("{at}: {name} is missing"))
        }
        "properties" => {
            let wanted = wanted.as_object().expect("members");
            let mut known =
                members?.iter().filter_map(|(name, member)| Some((name, member, wanted.get(name)?)));
            known.find_map(|(name, member, schema)| check(schema, member, &format!("{at}/{name}")))
        }
        "additionalProperties" => {
            let named = schema.get("properties").and_then(Value::as_object);
            let mut others =
                members?.iter().filter(|(name, _)| named.is_none_or(|named| !named.contains_key(*name)));
            others.find_map(|(name, member)| check(wanted, member, &format!("{at}/{name}")))
        }
        "propertyNames" => members?
            .keys()
            .find_map(|name| check(wanted, &Value::from(name.as_str()), &format!("{at}/{name}"))),
        "items" => {
            let mut items = value.as_array()?.iter().enumerate();
            items.find_map(|(n, item)| check(wanted, item, &format!("{at}/{n}")))
        }
        "allOf" => wanted.as_array().expect("schemas").iter().find_map(|schema| check(schema, value, at)),
        "oneOf" | "anyOf" => {
            let problems: Vec<_> =
                wanted.as_array().expect("schemas").iter().map(|schema| check(schema, value, at)).collect();
            let fitting = problems.iter().filter(|problem| problem.is_none()).count();
            let fits = if keyword == "oneOf" { fitting == 1 } else { fitting > 0 };
            (!fits)
                .then(|| format!("{at}: {fitting} of {keyword} fit: {:?}", problems.iter().flatten().next()))
        }
        note if NOTES.contains(&note) => None,
        unknown => panic!("the keyword {unknown} is not known to this test; teach it"),
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        other => panic!("no type {other}"),
    }
}

#[test]
fn values_that_are_not_as_a_schema_says_are_told_with_their_place() {
    let document = serde_json::json!({"components": {"schemas": {"Row": {
        "type": "object", "required": ["id"], "additionalProperties": false,
        "properties": {"id": {"type": "integer", "minimum": 1}, "kind": {"enum": ["a", "b"]},
                       "next": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Row"}]},
                       "more": {"type": ["array", "null"], "items": {"type": "string"}}}}}}});
    let schema = serde_json::json!({"$ref": "#/components/schemas/Row"});
    let told = |text: &str| problem(&document, &schema, &serde_json::from_str(text).expect("JSON"), "");
    assert_eq!(told(r#"{"id":1,"kind":"a","next":{"id":2,"next":null},"more":["x"]}"#), None);
    for (text, place) in [
        ("[]", ":"),
        ("{}", ": id is missing"),
        (r#"{"id":0}"#, "/id: 0 is beyond the minimum"),
        (r#"{"id":1.5}"#, "/id: 1.5 is not"),
        (r#"{"id":1,"kind":"c"}"#, "/kind:"),
        (r#"{"id":1,"other":1}"#, "/other: nothing"),
        (r#"{"id":1,"next":{"id":"2"}}"#, "/next: 0 of oneOf"),
        (r#"{"id":1,"more":["x",3]}"#, "/more/1:"),
    ] {
        assert!(told(text).is_some_and(|told| told.starts_with(place)), "{text}: {:?}", told(text));
    }
}
