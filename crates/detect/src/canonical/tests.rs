use super::*;
use proptest::prelude::*;

fn canonical(raw: &[u8], wrapping: Wrapping) -> String {
    let leaf = leaves(raw, wrapping, Tracking::On).into_iter().next().expect("a value is its own first leaf");
    String::from_utf8_lossy(leaf.text.bytes()).into_owned()
}

fn texts(raw: &[u8]) -> Vec<String> {
    let found = leaves(raw, Wrapping::None, Tracking::Off);
    found.iter().map(|leaf| String::from_utf8_lossy(leaf.text.bytes()).into_owned()).collect()
}

#[test]
fn every_spelling_becomes_the_same() {
    for (raw, expected) in [
        ("%3Cscript%3E", "<script>"),
        ("%253Cscript%253E", "<script>"),
        ("%25253cscript", "<script"),
        ("%u003cscript", "<script"),
        ("&lt;script&gt;", "<script>"),
        ("&#60;script&#x3E;", "<script>"),
        ("&#0000060script", "<script"),
        ("\\x3cscript\\u003e", "<script>"),
        ("\\u{3c}script", "<script"),
        ("<ScRiPt>", "<script>"),
        ("<scr%00ipt>", "<script>"),
        ("..%c0%af..%c0%afetc", "../../etc"),
        ("\u{ff1c}script\u{ff1e}", "<script>"),
        ("1/**/or/**/1=1", "1 or 1=1"),
        ("/*!50000union*/", " union*/"),
        ("un\u{200b}ion  \t select", "union select"),
        ("c''at /etc", "cat /etc"),
        ("'sel'+'ect'", "'select'"),
        ("cat${IFS}/etc/passwd", "cat /etc/passwd"),
        ("123456", "0000"),
        ("a%0d%0aset-cookie: x", "a\nset-cookie: x"),
        ("100%", "100%"),
        ("x&num=1&lt=2", "x&num=1&lt=2"),
        ("%zz%4", "%zz%4"),
        ("<\u{17f}cript>", "<script>"),
        ("\u{1d4c8}elect \u{1d7d9}", "select 1"),
        ("\u{fe64}\u{2110}mg\u{fe65}", "<img>"),
        ("\u{24c8}elect\u{207d}1\u{207e}", "select(1)"),
        ("\u{2025}/\u{fe30}/\u{fb01}le", "../../file"),
        ("e\u{200b}\u{2060}val", "eval"),
        ("\u{e0061}\u{e0062}c", "abc"),
        ("p\u{430}yp\u{430}l.com \u{43f}\u{43e}\u{440}\u{430}", "paypal.com \u{fffd}"),
        ("\u{447}at\u{441} \u{441}m", "\u{fffd}at\u{fffd} \u{fffd}m"),
        ("r\u{43e}\u{43e}t", "root"),
        ("\u{430}\u{440}\u{440}\u{4cf}\u{435}.com", "apple.com"),
        ("\u{441}\u{43e}\u{440}\u{430}. ", "\u{fffd}. "),
        ("gpj\u{202e}exe", "gpjexe"),
        ("a\u{1b}[2J", "a\u{1b}[2j"),
        ("a\u{1b}c", "ac"),
        ("\u{1d43}\u{1d48}\u{1d50}\u{2071}\u{207f}'", "admin'"),
    ] {
        assert_eq!(canonical(raw.as_bytes(), Wrapping::None), expected, "{raw}");
    }
}

#[test]
fn what_hides_a_text_is_a_mark_and_what_people_write_is_none() {
    let flags = |raw: &str| leaves(raw.as_bytes(), Wrapping::None, Tracking::Off)[0].flags;
    for raw in [
        "photo\u{202e}gpj.exe",
        "p\u{430}ypal",
        "a\u{e0069}\u{e0067}",
        "o\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}",
        "\u{90}\u{90}\u{90}\u{90}\u{90}\u{90}\u{90}\u{90}",
        "\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}\u{fdfa}",
        "\u{1f600}\u{e0110}\u{e0111}\u{e0112}\u{e0113}",
    ] {
        assert!(flags(raw).has(Flags::DISGUISED), "{raw:?}");
    }
    assert!(flags("adm\u{200b}in").has(Flags::INVISIBLE));
    for raw in [
        "\u{feff}name",
        "\u{202d}+1 555 010 0199\u{202c}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{2764}\u{fe0f} 1\u{fe0f}\u{20e3}",
        "Donau\u{ad}dampfschiff",
        "vie\u{323}\u{302}t",
        "10 \u{441}m, SEO-\u{430}\u{443}\u{434}\u{438}\u{442}, H\u{2082}O, yap\u{131}m",
        "\u{e2a}\u{e27}\u{e31}\u{e2a}\u{e14}\u{e35}",
    ] {
        assert_eq!(flags(raw), Flags::NONE, "{raw:?}");
    }
}

#[test]
fn words_broken_up_by_comments_are_read_together_too() {
    assert_eq!(texts(b"uni/**/on sel/*x*/ect 1"), ["union select 1", "uni on sel ect 1"]);
}

/// Found by trying: to some servers a percent sign that encodes nothing is nothing.
#[test]
fn words_broken_up_by_percent_signs_are_read_together_too() {
    assert_eq!(texts(b"un%ion s%elect 1"), ["union select 1", "un%ion s%elect 1"]);
    assert_eq!(texts(b"100%sure, 5 % or %s"), ["100%sure, 5 % or %s"]);
}

#[test]
fn the_place_decides_on_plus_and_json_escapes() {
    assert_eq!(canonical(b"union+select", Wrapping::Plus), "union select");
    assert_eq!(canonical(b"1+1", Wrapping::None), "1+1");
    assert_eq!(canonical(br#"\"a\"\/b\n"#, Wrapping::Json), "\"a\"/b\n");
    assert_eq!(canonical(br"..\..\windows", Wrapping::None), r"..\..\windows");
}

#[test]
fn long_random_tokens_are_one_mark_and_words_are_not() {
    assert_eq!(canonical(b"9f8e7d6c5b4a", Wrapping::None), "\u{2}");
    assert_eq!(canonical(b"addeventlistener", Wrapping::None), "addeventlistener");
    assert_eq!(
        canonical(b"union_select_information_schema", Wrapping::None),
        "union_select_information_schema"
    );
}

/// Found by fuzzing: the digits of `aced0005` were taken for a long number when what followed was no random token, or
/// was one mark already; without them the next look took the word for something else.
#[test]
fn the_beginning_of_a_serialised_object_is_no_long_number() {
    for (raw, expected) in [
        ("aced0005737200116a6176612e7574696c2e486173684d6170", "aced0005\u{2}"),
        ("ACED0005\u{2}", "aced0005\u{2}"),
        ("aced0005a12345\u{2}", "aced0005a0000\u{2}"),
    ] {
        let canonical = |raw: &[u8]| {
            let mut flags = Flags::default();
            let (decoded, _) = decode_text(Text::raw(raw, Tracking::Off), &mut flags);
            canonicalise(&decoded, &mut flags).bytes().to_vec()
        };
        let once = canonical(raw.as_bytes());
        assert_eq!(once, expected.as_bytes(), "{raw}");
        assert_eq!(canonical(&once), once, "{raw}");
    }
}

/// Found by fuzzing: `$iFs` was passed over until its letters had become small, so that the next look found a blank.
#[test]
fn the_blank_of_shells_is_one_in_any_case_of_its_letters() {
    assert_eq!(canonical(b"cat$iFs/etc/passwd ${IfS}", Wrapping::None), "cat /etc/passwd ");
}

#[test]
fn the_blank_of_latin_1_is_one_where_the_text_is_no_utf_8() {
    assert_eq!(canonical(b"1\xa0UNION \xa0 SELECT\xa0 1", Wrapping::None), "1 union select 1");
    let foreign = leaves("x \u{e0}".as_bytes(), Wrapping::None, Tracking::Off);
    assert_eq!(foreign[0].text.bytes(), b"x \x80");
}

#[test]
fn what_is_said_to_be_base64_is_opened_though_it_is_short() {
    let leaves = leaves(b"data:;base64,PD89YGlkYD8+", Wrapping::None, Tracking::Off);
    assert!(leaves.iter().any(|leaf| leaf.text.bytes().starts_with(b"<?=`id`")));
}

#[test]
fn wrapped_text_is_opened() {
    for raw in [
        "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "/static/PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg",
        "UEhOamNtbHdkRDVoYkdWeWRDZ3hLVHd2YzJOeWFYQjBQZz09",
        "0x3c7363726970743e616c6572742831293c2f7363726970743e",
    ] {
        let texts: Vec<_> = leaves(raw.as_bytes(), Wrapping::None, Tracking::On)
            .into_iter()
            .map(|leaf| String::from_utf8_lossy(leaf.text.bytes()).into_owned())
            .collect();
        assert!(texts.iter().any(|text| text.starts_with("<script>alert(1)")), "{raw}: {texts:?}");
    }
}

#[test]
fn origins_lead_back_to_the_raw_bytes() {
    let raw = b"a%20%3Cb>";
    let leaf = leaves(raw, Wrapping::None, Tracking::On).into_iter().next().expect("one");
    let at = leaf.text.bytes().iter().position(|byte| *byte == b'<').expect("decoded");
    assert_eq!(leaf.text.origin(at, at + 2), (4, 8));
}

/// What a value unfolds to is bounded in texts and in bytes, whatever is nested in it: no encoding makes a text longer,
/// and the readings beside the text itself (joined words, UTF-7, base64) are of its size and open no further ones.
#[test]
fn nesting_bombs_unfold_to_few_texts_of_few_bytes() {
    let payload = "' union select <script>alert(1)</script>";
    let percent = |depth: usize| format!("%{}27 or 1=1", "25".repeat(depth));
    for (name, raw) in [
        ("JSON 100,000 deep", format!("{}{payload}{}", "{\"a\":".repeat(100_000), "}".repeat(100_000))),
        ("arrays 100,000 deep", format!("{}\"{payload}\"{}", "[".repeat(100_000), "]".repeat(100_000))),
        ("percent 1,000 deep", percent(1_000).repeat(50)),
        ("one nest of percent", percent(50_000)),
        ("entities 1,000 deep", format!("&{}lt;script>", "amp;".repeat(1_000)).repeat(20)),
        ("everything at once", "+ADw-w\\ho PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg== a='b'".repeat(2_000)),
        ("lists in lists", "a=b%26c=d%2526e=f&".repeat(800)),
        ("padding without base64, once read again from each of its bytes", "=".repeat(1 << 20)),
    ] {
        for wrapping in [Wrapping::None, Wrapping::Plus, Wrapping::Json] {
            let found = leaves(raw.as_bytes(), wrapping, Tracking::Off);
            let bytes: usize = found.iter().map(|leaf| leaf.text.len()).sum();
            assert!(found.len() <= leaf::MAX_LEAVES, "{name}: {} texts", found.len());
            assert!(bytes <= 4 * raw.len(), "{name}: {bytes} bytes of {}", raw.len());
        }
    }
}

#[test]
fn encodings_inside_encodings_come_off_at_any_depth() {
    for depth in 0..60 {
        for (open, again, sign) in [
            ("%", "25", "27"),
            ("&", "amp;", "#39;"),
            ("&", "#38;", "apos;"),
            ("\\", "x5c", "x27"),
            ("\\x", "5cx", "27"),
            ("%u00", "25u00", "27"),
        ] {
            let raw = format!("a{open}{}{sign}b", again.repeat(depth));
            let leaf = leaves(raw.as_bytes(), Wrapping::None, Tracking::On).pop().expect("one");
            assert_eq!(leaf.text.bytes(), b"a'b", "{raw}");
            assert_eq!(leaf.text.origin(1, 2), (1, raw.len() - 1), "{raw}");
            assert_eq!(leaf.flags.has(Flags::NESTED), depth + 1 > MANY_ROUNDS, "{raw}");
            assert_eq!(leaf.flags.has(Flags::CAPPED), depth + 1 >= MAX_ROUNDS, "{raw}");
        }
    }
    // The digits of what is not closed may be encoded themselves.
    assert_eq!(canonical(b"&amp;#6&#48;b", Wrapping::None), "<b");
    assert_eq!(canonical(b"&amp;lt&#59;b", Wrapping::None), "<b");
}

#[test]
fn more_encodings_than_any_honest_value_needs_are_a_mark() {
    // One kind inside the other, each of which takes a round of its own.
    let wrap = |text: String| text.replace('&', "%26").replace('%', "&#37;");
    let nest = |depth: usize| (0..depth).fold("%27".to_owned(), |text, _| wrap(text));
    let flags = |raw: String| leaves(raw.as_bytes(), Wrapping::None, Tracking::Off).pop().expect("one").flags;
    assert!(!flags(nest(MAX_ROUNDS / 2 - 1)).has(Flags::CAPPED));
    assert!(flags(nest(MAX_ROUNDS / 2)).has(Flags::CAPPED));
}

/// What a value reads as, and whether it was spelled without need.
fn needless(raw: &str) -> (String, bool) {
    let mut flags = Flags::NONE;
    let text = decode(raw.as_bytes(), Wrapping::None, Tracking::Off, &mut flags);
    (String::from_utf8_lossy(text.bytes()).into_owned(), flags.has(Flags::NEEDLESS))
}

#[test]
fn signs_as_no_encoder_writes_them_are_needless() {
    for odd in ["&#x3c", "&#0060;", "&#0000060", "&#X3C;", "&#x003c;", "&#60"] {
        assert_eq!(needless(odd), ("<".to_owned(), true), "{odd}");
    }
    for (usual, sign) in [("&#60;", "<"), ("&#039;", "'"), ("&#x27;", "'"), ("&#x2F;", "/"), ("&lt;", "<")] {
        assert_eq!(needless(usual), (sign.to_owned(), false), "{usual}");
    }
    // Not ASCII: what editors leave.
    assert_eq!(needless("&#8217"), ("\u{2019}".to_owned(), false));
}

#[test]
fn slashes_that_lost_their_percent_signs_lead_upwards() {
    assert_eq!(needless("..2f..2Fetc2fpasswd"), ("../../etc2fpasswd".to_owned(), true));
    assert_eq!(needless("....2f...2fetc"), ("..../.../etc".to_owned(), true));
    assert_eq!(needless("a/..5c..255cboot.ini"), ("a/..\\..\\boot.ini".to_owned(), true));
    for plain in ["1..255", "10..25", "wait..2 f", "...", "v1.2f"] {
        assert_eq!(needless(plain), (plain.to_owned(), false));
    }
}

/// Found by chance: strings that were joined made a bare slash that nobody looked for any more.
#[test]
fn a_bare_slash_that_joining_brings_to_light_is_read() {
    twice(b"..25'+'2f").expect("canonical after one look");
    assert_eq!(canonical(b"..25'+'2fetc", Wrapping::None), "../etc");
}

/// Found by trying: words that had control characters between them became one word that nobody knew.
#[test]
fn control_characters_between_words_are_also_read_as_blanks() {
    assert_eq!(texts(b"1%01union%01select%1f%021,2"), ["1unionselect1,2", "1 union select 1,2"]);
    assert_eq!(texts(b"java%01script:alert(1)"), ["javascript:alert(1)", "java script:alert(1)"]);
    // Beside no word, and between the letters of UTF-16, there is nothing to divide.
    assert_eq!(texts(b"'%01or ='"), ["'or ='"]);
    assert_eq!(texts(b"'%02or\x02 ='"), ["'or ='"]);
    assert_eq!(texts(b"%00s%00e%00l%00e%00c%00t"), ["select"]);
}

/// Found by trying: with a page of prose in each comment no window held two words of the statement.
#[test]
fn words_around_long_comments_are_read_without_them() {
    let prose = "lorem ipsum dolor sit amet ".repeat(40);
    let expected = "1 union select user from users";
    for comment in [format!("/*{prose}*/"), format!("-- {prose}\n"), format!("#{prose}\n")] {
        let raw = ["1", "union", "select", "user", "from", "users"].join(&comment);
        let found = texts(raw.as_bytes());
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[1], expected);
        // What is far from any is read once.
        assert!(texts([raw.as_str(), &prose, &prose].concat().as_bytes())[1].len() < 600);
    }
    for plain in [
        "a /* short */ b",
        "a /* that never ends, however long it may become",
        "# a title without an end of line",
    ] {
        assert_eq!(texts(plain.as_bytes()).len(), 1, "{plain}");
    }
}

/// Found by trying: a blank of Latin-1 was one alone, and two were foreign letters.
#[test]
fn blanks_of_latin_1_are_blanks() {
    assert_eq!(texts(b"1%a0%a0union%a0select%A0%0a%A01,2"), ["1 union select\n1,2"]);
}

/// Found by trying: nine control characters made a payload binary, of which only longer printable runs were read.
#[test]
fn a_payload_among_control_characters_is_read() {
    assert_eq!(texts(b"%01%02%03%04%05%06%07%08%01' or 1=1--"), [" ' or 1=1--"]);
    assert_eq!(texts(b"'%01or%01'1'%01=%01'1'%01--%01%01%01%01"), ["' or '1' = '1' -- "]);
    // Behind more of what is no text than it is long.
    let hidden = [b"' or 1=1--".as_slice(), &b"\x01\xff\xfe\x02".repeat(16 * 1024)].concat();
    assert_eq!(texts(&hidden), ["' or 1=1-- "]);
}

/// Found by fuzzing: in lower case their beginning is not known again, so it must not have kept a token from view.
#[test]
fn what_begins_like_a_serialised_object_and_is_none_is_canonical_at_once() {
    for word in ["rO0ABxv1hcA", "rO0AB7x", "BAh1x2y3z", "gASVa1b2c3d4"] {
        twice(word.as_bytes()).expect("canonical after one look");
    }
}

proptest! {
    #[test]
    fn canonicalising_twice_changes_nothing(raw in proptest::collection::vec(any::<u8>(), 0..200)) {
        twice(&raw)?;
    }

    #[test]
    fn canonicalising_encoded_text_twice_changes_nothing(
        raw in r"([%&\\][a-zX#0-9x;]{0,4}|\.\.|25|2f|5C|'\+'|/\*|\*/|[a-zA-Z0-9]{1,12}|[ <>;'\x00%\n\x1b\[]|[аеοſ\u{200b}\u{202e}\u{301}\u{e0061}\u{e0101}‥ﬃ𝓈]){0,24}"
    ) {
        twice(raw.as_bytes())?;
    }

    /// Of what settling brings to light it looks again, and only of that.
    #[test]
    fn canonicalising_what_settles_twice_changes_nothing(
        raw in r"(&#x?|\\[ux]?\{?|%u?|\$(ifs\$)?|[0-9]{1,16}|[;}]|[ \t\n]{1,3}|'[ \t]{0,2}(\+|\||\.)?|/\*[a-z0-9 \t]{0,40}\*/|[a-zA-Z0-9]{1,24}|\.\.|[\x00\x0b\xa0а]){0,24}"
    ) {
        twice(raw.as_bytes())?;
    }

    #[test]
    fn leaves_are_bounded_and_point_into_the_value(
        raw in proptest::collection::vec(any::<u8>(), 0..400)
    ) {
        for wrapping in [Wrapping::None, Wrapping::Plus, Wrapping::Json] {
            bounded(&raw, wrapping)?;
        }
    }

    #[test]
    fn leaves_of_encoded_and_built_values_are_bounded_and_point_into_the_value(
        raw in r#"(/\*[a-z ]{0,40}(\*/)?|(#|-- )[a-z ]{0,40}\n|[%&\+][a-zA-Z#0-9x]{0,4}|[{}":,=&/?\[\]]{1,3}|PHNjcmlwdD5hbGVydCgxKTw|[a-z0-9]{1,12}|[ <>;'\x00
]){0,40}"#
    ) {
        for wrapping in [Wrapping::None, Wrapping::Plus, Wrapping::Json] {
            bounded(raw.as_bytes(), wrapping)?;
        }
    }
}

/// No more leaves than the cap, none longer than the value, each byte with an origin inside it, and the same leaves
/// when nothing is tracked. No leaf at all is right for what is built of names and numbers alone.
fn bounded(raw: &[u8], wrapping: Wrapping) -> Result<(), TestCaseError> {
    let tracked = leaves(raw, wrapping, Tracking::On);
    let untracked = leaves(raw, wrapping, Tracking::Off);
    prop_assert!(tracked.len() <= leaf::MAX_LEAVES && tracked.len() == untracked.len());
    for (on, off) in tracked.iter().zip(&untracked) {
        prop_assert_eq!((on.text.bytes(), on.flags), (off.text.bytes(), off.flags));
        prop_assert!(on.text.len() <= raw.len());
        for at in 0..on.text.len() {
            let (start, end) = on.text.origin(at, at + 1);
            prop_assert!(start < end && end <= raw.len());
        }
    }
    Ok(())
}

fn twice(raw: &[u8]) -> Result<(), TestCaseError> {
    let mut flags = Flags::default();
    let once = canonicalise(&decode(raw, Wrapping::None, Tracking::Off, &mut flags), &mut flags);
    if !flags.has(Flags::CAPPED) {
        let mut again = Flags::default();
        let (decoded, _) = decode_text(once.clone(), &mut again);
        let twice = canonicalise(&decoded, &mut again);
        prop_assert_eq!(once.bytes(), twice.bytes());
    }
    Ok(())
}
