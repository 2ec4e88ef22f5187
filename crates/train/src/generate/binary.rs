//! What uploads hold: the bytes of programs' files, laid out as their formats are, with noise where those are compressed.

use super::benign_text::{name, text, word};
use crate::rng::Rng;

/// Number of formats that [`file`] knows.
pub(crate) const FORMATS: usize = 20;

/// A file, or the beginning of one.
pub(crate) fn file(format: usize, rng: &mut Rng) -> Vec<u8> {
    let mut out = Vec::new();
    match format {
        0 => noise(rng, 16, 3_000, &mut out),
        1 => noise(rng, 16, 120, &mut out),
        2 => skewed(rng, &mut out),
        3 => samples(rng, &mut out),
        4 | 5 => jpeg(rng, &mut out),
        6 | 7 => png(rng, &mut out),
        8 => gif(rng, &mut out),
        9 => pixels(rng, &mut out),
        10 => pdf(rng, &mut out),
        11 => archive(rng, &mut out),
        12 => compressed(rng, &mut out),
        13 | 14 => font(rng, &mut out),
        15 => boxes(rng, &mut out),
        16 => sound(rng, &mut out),
        17 => messages(rng, &mut out),
        18 => records(rng, &mut out),
        _ => strings(rng, &mut out),
    }
    out
}

/// A payload in a file: behind its beginning, between its bytes, or as its comment.
pub(crate) fn around(payload: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut out = Vec::new();
    match rng.below(4) {
        0 => out.extend_from_slice(b"GIF89a"),
        1 => noise(rng, 8, 300, &mut out),
        2 => {
            out.extend_from_slice(b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xfe\0");
            out.push(low(payload.len()));
        }
        _ => out.extend_from_slice(
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\0\x20\x08\x02\0\0\0tEXtComment\0",
        ),
    }
    out.extend_from_slice(payload);
    noise(rng, 40, 800, &mut out);
    out
}

/// A payload with control characters for its blanks, as some databases read them, and more of them around it.
pub(crate) fn spaced(payload: &[u8], rng: &mut Rng) -> Vec<u8> {
    const CONTROLS: &[u8] = b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x1c\x1f\x7f";
    let pick = |rng: &mut Rng| CONTROLS.get(rng.below(CONTROLS.len())).copied().unwrap_or(1);
    let same = rng.percent(50).then(|| pick(rng));
    let pad = if rng.percent(50) { rng.between(1, 24) } else { 0 };
    let front = rng.below(pad + 1);
    let mut out = Vec::with_capacity(payload.len() + pad);
    for _ in 0..front {
        out.push(same.unwrap_or_else(|| pick(rng)));
    }
    for byte in payload {
        out.push(if *byte == b' ' { same.unwrap_or_else(|| pick(rng)) } else { *byte });
    }
    for _ in front..pad {
        out.push(same.unwrap_or_else(|| pick(rng)));
    }
    out
}

/// One of the words of a text, divided by `|`.
fn one<'a>(words: &'a str, rng: &mut Rng) -> &'a str {
    let count = words.split('|').count();
    words.split('|').nth(rng.below(count)).unwrap_or_default()
}

fn low(value: usize) -> u8 {
    u8::try_from(value & 0xff).unwrap_or(0)
}

fn byte(rng: &mut Rng) -> u8 {
    low(rng.below(256))
}

/// Bytes of which each is as likely as any other: what is compressed or encrypted.
fn noise(rng: &mut Rng, least: usize, most: usize, out: &mut Vec<u8>) {
    for _ in 0..rng.between(least, most) {
        out.push(byte(rng));
    }
}

fn big(value: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&u32::try_from(value).unwrap_or(0).to_be_bytes());
}

fn little(value: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&u32::try_from(value).unwrap_or(0).to_le_bytes());
}

/// Noise in which some bytes are likelier than others: tables, code of machines, what is packed badly.
fn skewed(rng: &mut Rng, out: &mut Vec<u8>) {
    let (mask, base) = (rng.next().to_le_bytes()[0], byte(rng));
    for _ in 0..rng.between(64, 3_000) {
        let value = byte(rng);
        out.push(match rng.below(4) {
            0 => value & mask,
            1 => base.wrapping_add(value & 0x0f),
            2 => 0,
            _ => value,
        });
    }
}

/// Little-endian numbers that follow one another closely: sound, measurements, vectors.
fn samples(rng: &mut Rng, out: &mut Vec<u8>) {
    let (mut value, step, wide) = (byte(rng), rng.between(1, 12), rng.percent(50));
    for _ in 0..rng.between(40, 1_200) {
        value = value.wrapping_add(low(rng.below(step * 2 + 1))).wrapping_sub(low(step));
        out.push(value);
        out.push(if rng.percent(90) { 0 } else { byte(rng) });
        if wide {
            out.extend_from_slice(&[if rng.percent(80) { 0 } else { byte(rng) }, 0x3f]);
        }
    }
}

fn software(rng: &mut Rng) -> String {
    match rng.below(12) {
        0 => "Adobe ImageReady".to_owned(),
        1 => "www.inkscape.org".to_owned(),
        2 => format!("Adobe Photoshop CC {} (Windows)", rng.between(2014, 2026)),
        3 => format!("GIMP 2.{}", rng.below(11)),
        4 => format!(
            "ImageMagick {}.{}.{}-{} Q16 x86_64",
            rng.below(8),
            rng.below(9),
            rng.below(12),
            rng.below(60)
        ),
        5 => format!("paint.net {}.{}.{}", rng.below(6), rng.below(4), rng.below(20)),
        6 => format!("Matplotlib version{}.{}.1, https://matplotlib.org/", rng.below(4), rng.below(9)),
        7 => "gnome-screenshot".to_owned(),
        8 => "Picasa".to_owned(),
        9 => format!(
            "CREATOR: gd-jpeg v1.0 (using IJG JPEG v{}), quality = {}\n",
            rng.below(99),
            rng.below(100)
        ),
        10 => format!("{} {}.{}", name(rng), rng.below(20), rng.below(10)),
        _ => format!("Lavc{}.{}.100", rng.between(50, 61), rng.below(140)),
    }
}

fn xmp(rng: &mut Rng) -> String {
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?> <x:xmpmeta xmlns:x=\"adobe:ns:meta/\" \
         x:xmptk=\"Adobe XMP Core {}.{}-c{}\"> <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"> \
         <rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmp:CreatorTool=\"{}\" dc:title=\"{}\"/> </rdf:RDF> </x:xmpmeta> <?xpacket end=\"r\"?>",
        rng.below(8),
        rng.below(9),
        rng.below(999),
        software(rng),
        text(rng).replace(['<', '"', '&'], " ")
    )
}

/// A profile of colours (ICC.1): names, dates and numbers.
fn profile(rng: &mut Rng, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\0\0\x0c\x48Lino\x02\x10\0\0mntrRGB XYZ \x07\xce\0\x02\0\x09\0\x06\0\x31\0\0acspMSFT\0\0\0\0IEC sRGB");
    for tag in "cprt,desc,wtpt,bkpt,rXYZ,gXYZ,bXYZ,dmnd,dmdd,vued,view,lumi,rTRC".split(',') {
        out.extend_from_slice(tag.as_bytes());
        big(rng.below(3_000), out);
        big(rng.below(200), out);
    }
    let owner = one(
        "text\0\0\0\0Copyright (c) 1998 Hewlett-Packard Company\0\0desc\0\0\0\0\0\0\0\x12sRGB IEC61966-2.1\0|text\0\0\0\0Copyright Apple Inc., 2017\0para\0\0\0\0\0\x03\0\0\0\x02ff\0\0\u{1}|mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS\0\0\0\x14\0\0\0\x1cDisplay P3|text\0\0\0\0FB\0\0XYZ \0\0\0\0\0\0|desc\0\0\0\0\0\0\0\x16IEC http://www.iec.ch\0\0\0\0",
        rng,
    );
    out.extend_from_slice(owner.as_bytes());
}

/// ITU-T T.81: tables with the codes of its annex K, then noise.
fn jpeg(rng: &mut Rng, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\x01\0\x48\0\x48\0\0");
    if rng.percent(50) {
        out.extend_from_slice(
            b"\xff\xe1\x05\x00Exif\0\0MM\0*\0\0\0\x08\0\x0a\x01\x0f\0\x02\0\0\0\x06\0\0\0\x86",
        );
        let camera = format!(
            "{}\0{}\0{}\0{}:{:02}:{:02} {:02}:{:02}:{:02}\0",
            one("Canon|NIKON CORPORATION|Apple|samsung|SONY|Google|FUJIFILM|OLYMPUS", rng),
            one("Canon EOS 80D|NIKON D750|iPhone 13 Pro|SM-G991B|ILCE-7M3|Pixel 7|X-T30", rng),
            software(rng),
            rng.between(2003, 2026),
            rng.between(1, 12),
            rng.between(1, 28),
            rng.below(24),
            rng.below(60),
            rng.below(60)
        );
        out.extend_from_slice(camera.as_bytes());
        samples(rng, out);
    }
    if rng.percent(30) {
        out.extend_from_slice(b"\xff\xe1\x0b\xf4http://ns.adobe.com/xap/1.0/\0");
        out.extend_from_slice(xmp(rng).as_bytes());
    }
    if rng.percent(30) {
        out.extend_from_slice(b"\xff\xe2\x0c\x58ICC_PROFILE\0\x01\x01");
        profile(rng, out);
    }
    if rng.percent(30) {
        out.extend_from_slice(b"\xff\xed\0\x9cPhotoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x0f\x1c\x02t\0");
        out.extend_from_slice(text(rng).as_bytes());
        out.extend_from_slice(b"8BIM\x04%\0\0\0\0\0\x10");
    }
    if rng.percent(20) {
        out.extend_from_slice(b"\xff\xfe\0\x3b");
        out.extend_from_slice(software(rng).as_bytes());
    }
    for table in 0..2 {
        out.extend_from_slice(&[0xff, 0xdb, 0, 0x43, table]);
        let quality = rng.between(1, 9);
        for place in 0..64 {
            out.push(low((place / quality + rng.below(4)).clamp(1, 255)));
        }
    }
    out.extend_from_slice(b"\xff\xc0\0\x11\x08\x02\xd0\x05\0\x03\x01\x22\0\x02\x11\x01\x03\x11\x01");
    for (class, lengths, first) in [
        (0x00, b"\0\x01\x05\x01\x01\x01\x01\x01\x01\0\0\0\0\0\0\0", b"".as_slice()),
        (0x10, b"\0\x02\x01\x03\x03\x02\x04\x03\x05\x05\x04\x04\0\0\x01}", b"\x01\x02\x03\0\x04\x11\x05\x12!1A\x06\x13Qa\x07\"q\x142\x81\x91\xa1\x08#B\xb1\xc1\x15R\xd1\xf0$3br\x82\x09\n\x16\x17\x18\x19\x1a"),
        (0x01, b"\0\x03\x01\x01\x01\x01\x01\x01\x01\x01\x01\0\0\0\0\0", b""),
        (0x11, b"\0\x02\x01\x02\x04\x04\x03\x04\x07\x05\x04\x04\0\x01\x02w", b"\0\x01\x02\x03\x11\x04\x05!1\x06\x12AQ\x07aq\x13\"2\x81\x08\x14B\x91\xa1\xb1\xc1\x09#3R\xf0\x15br\xd1\n\x16$4\xe1%\xf1\x17\x18\x19\x1a"),
    ] {
        out.extend_from_slice(&[0xff, 0xc4, 0, 0xb5, class]);
        out.extend_from_slice(lengths);
        out.extend_from_slice(first);
        if first.is_empty() {
            out.extend(0..12);
        } else if rng.percent(80) {
            // What is left, ten codes in each row of sixteen.
            for row in 2..16_u8 {
                let from = if row == 2 { 5 } else { 3 };
                out.extend((from..=10).map(|code| row << 4 | code));
            }
        } else {
            noise(rng, 20, 60, out);
        }
    }
    out.extend_from_slice(b"\xff\xda\0\x0c\x03\x01\0\x02\x11\x03\x11\0?\0");
    noise(rng, 20, 1_500, out);
}

fn chunk(kind: &str, content: &[u8], rng: &mut Rng, out: &mut Vec<u8>) {
    big(content.len(), out);
    out.extend_from_slice(kind.as_bytes());
    out.extend_from_slice(content);
    noise(rng, 4, 4, out);
}

fn png(rng: &mut Rng, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\x89PNG\r\n\x1a\n");
    let mut size = Vec::new();
    big(rng.below(2_000), &mut size);
    big(rng.below(2_000), &mut size);
    size.extend_from_slice(&[8, low(rng.below(7)), 0, 0, 0]);
    chunk("IHDR", &size, rng, out);
    for _ in 0..rng.below(5) {
        let mut content = Vec::new();
        match rng.below(8) {
            0 => chunk("sRGB", &[0], rng, out),
            1 => chunk("gAMA", b"\0\0\xb1\x8f", rng, out),
            2 => chunk("pHYs", b"\0\0\x0e\xc3\0\0\x0e\xc3\x01", rng, out),
            3 => {
                content.extend_from_slice(b"ICC Profile\0\0");
                profile(rng, &mut content);
                chunk("iCCP", &content, rng, out);
            }
            4 => {
                content.extend_from_slice(b"XML:com.adobe.xmp\0\0\0\0\0");
                content.extend_from_slice(xmp(rng).as_bytes());
                chunk("iTXt", &content, rng, out);
            }
            5 => {
                for _ in 0..rng.between(2, 200) {
                    content.push(byte(rng));
                }
                chunk("PLTE", &content, rng, out);
            }
            _ => {
                let key = one(
                    "Software|Comment|Title|Author|Copyright|Creation Time|date:create|date:modify|Source|Description|Thumb::URI",
                    rng,
                );
                let value = match rng.below(5) {
                    0..=2 => software(rng),
                    3 => text(rng),
                    _ => format!(
                        "20{:02}-0{}-1{}T0{}:00:00+00:00",
                        rng.below(27),
                        rng.between(1, 9),
                        rng.below(10),
                        rng.below(10)
                    ),
                };
                content.extend_from_slice(format!("{key}\0{value}").as_bytes());
                chunk("tEXt", &content, rng, out);
            }
        }
    }
    let mut content = b"\x78\xda".to_vec();
    if rng.percent(30) {
        skewed(rng, &mut content);
    } else {
        noise(rng, 20, 1_500, &mut content);
    }
    chunk("IDAT", &content, rng, out);
    out.extend_from_slice(b"\0\0\0\0IEND\xaeB`\x82");
}

fn gif(rng: &mut Rng, out: &mut Vec<u8>) {
    out.extend_from_slice(if rng.percent(80) { b"GIF89a" } else { b"GIF87a" });
    noise(rng, 7, 7, out);
    gradient(rng, 3, out);
    if rng.percent(40) {
        out.extend_from_slice(b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
    }
    if rng.percent(20) {
        out.extend_from_slice(b"!\xfe");
        out.extend_from_slice(software(rng).as_bytes());
        out.push(0);
    }
    out.extend_from_slice(b"!\xf9\x04\x05\0\0\0\0,\0\0\0\0");
    noise(rng, 20, 1_000, out);
    out.push(b';');
}

/// Colours that go over into one another.
fn gradient(rng: &mut Rng, channels: usize, out: &mut Vec<u8>) {
    let mut colour: Vec<u8> = (0..channels).map(|_| byte(rng)).collect();
    let (step, grey) = (rng.between(0, 6), rng.percent(30));
    for _ in 0..rng.between(16, 400) {
        for channel in &mut colour {
            *channel = channel.wrapping_add(low(rng.below(step + 1)));
        }
        if grey && let Some(first) = colour.first().copied() {
            colour.fill(first);
        }
        out.extend_from_slice(&colour);
    }
}

/// Bitmaps and icons.
fn pixels(rng: &mut Rng, out: &mut Vec<u8>) {
    if rng.percent(50) {
        out.extend_from_slice(b"BM");
        little(rng.below(90_000), out);
        out.extend_from_slice(b"\0\0\0\0\x36\0\0\0\x28\0\0\0");
    } else {
        out.extend_from_slice(b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0\x68\x04\0\0\x16\0\0\0");
    }
    let channels = rng.between(3, 4);
    gradient(rng, channels, out);
    if rng.percent(40) {
        skewed(rng, out);
    }
}

fn pdf(rng: &mut Rng, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("%PDF-1.{}\n%\u{e2}\u{e3}\n", rng.below(8)).as_bytes());
    for object in 1..rng.between(2, 7) {
        let content = match rng.below(6) {
            0 => format!(
                "<</Type/Page/Parent {} 0 R/MediaBox[0 0 595.32 841.92]/Contents {} 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
                rng.below(9),
                rng.below(99)
            ),
            1 => format!(
                "<</Title({})/Author({})/Producer({})/CreationDate(D:20{:02}0101120000+01'00')>>",
                text(rng),
                name(rng),
                software(rng),
                rng.below(27)
            ),
            2 => {
                format!("<</Type/Annot/Subtype/Link/A<</S/URI/URI(https://www.example.com/{})>>>>", word(rng))
            }
            3 => {
                "<</BaseFont/ABCDEE+Calibri/Encoding/WinAnsiEncoding/Subtype/TrueType/Type/Font>>".to_owned()
            }
            _ => format!("<</Filter/FlateDecode/Length {}>>stream", rng.below(9_999)),
        };
        out.extend_from_slice(format!("{object} 0 obj\n{content}\n").as_bytes());
        if content.ends_with("stream") {
            noise(rng, 40, 600, out);
            out.extend_from_slice(b"\nendstream");
        }
        out.extend_from_slice(b"\nendobj\n");
    }
}

fn file_name(rng: &mut Rng) -> String {
    let stem = format!("{}{}", word(rng), rng.below(99));
    let end = one("xml|png|txt|class|json|jpg|rels|js|html|properties|svg|csv", rng);
    match rng.below(9) {
        0 => "[Content_Types].xml".to_owned(),
        1 => "word/document.xml".to_owned(),
        2 => format!("xl/worksheets/sheet{}.xml", rng.below(9)),
        3 => "META-INF/MANIFEST.MF".to_owned(),
        4 => format!("ppt/slides/_rels/slide{}.xml.rels", rng.below(40)),
        5 => format!("org/{}/{}/{stem}.{end}", word(rng), word(rng)),
        6 => format!("{}/{stem} ({}).{end}", name(rng), rng.below(9)),
        _ => format!("{}/{stem}.{end}", word(rng)),
    }
}

fn archive(rng: &mut Rng, out: &mut Vec<u8>) {
    for _ in 0..rng.between(1, 6) {
        let name = file_name(rng);
        out.extend_from_slice(b"PK\x03\x04\x14\0\x08\0\x08\0");
        noise(rng, 8, 8, out);
        little(rng.below(90_000), out);
        little(rng.below(90_000), out);
        out.extend_from_slice(&[low(name.len()), 0, 0, 0]);
        out.extend_from_slice(name.as_bytes());
        noise(rng, 20, 500, out);
    }
    for _ in 0..rng.below(4) {
        out.extend_from_slice(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0");
        noise(rng, 8, 20, out);
        out.extend_from_slice(file_name(rng).as_bytes());
    }
}

fn compressed(rng: &mut Rng, out: &mut Vec<u8>) {
    out.extend_from_slice(match rng.below(6) {
        0 => b"\x1f\x8b\x08\x08",
        1 => b"\x1f\x8b\x08\0\0\0\0\0",
        2 => b"BZh91AY&SY",
        3 => b"\xfd7zXZ\0\0\x04",
        4 => b"(\xb5/\xfd",
        _ => b"wOF2\0\x01\0\0\0\0",
    });
    if rng.percent(30) {
        out.extend_from_slice(file_name(rng).as_bytes());
        out.push(0);
    }
    noise(rng, 60, 3_000, out);
}

/// Open Font Format: a directory of tables, names, glyphs.
fn font(rng: &mut Rng, out: &mut Vec<u8>) {
    out.extend_from_slice(if rng.percent(60) {
        b"\0\x01\0\0\0\x12\x01\0\0\x04\0\x20"
    } else {
        b"OTTO\0\x0d\0\x80\0\x03\0P"
    });
    for tag in
        "DSIG,GDEF,GPOS,GSUB,OS/2,cmap,cvt ,fpgm,gasp,glyf,head,hhea,hmtx,kern,loca,maxp,name,post,prep,CFF "
            .split(',')
    {
        if rng.percent(75) {
            out.extend_from_slice(tag.as_bytes());
            noise(rng, 4, 4, out);
            big(rng.below(200_000), out);
            big(rng.below(90_000), out);
        }
    }
    let mut names = Vec::new();
    for _ in 0..rng.between(1, 5) {
        names.push(match rng.below(6) {
            0 => format!("Copyright (c) {} The {} Project Authors (https://github.com/example/{})", rng.between(1990, 2026), name(rng), word(rng)),
            1 => format!("{} {}", name(rng), one("Regular|Bold|Italic|Bold Italic|Mono", rng)),
            2 => format!("Version {}.{:03}; ttfautohint (v1.{})", rng.below(9), rng.below(999), rng.below(9)),
            3 => "This Font Software is licensed under the SIL Open Font License, Version 1.1. http://scripts.sil.org/OFL".to_owned(),
            4 => "http://www.ascendercorp.com/typedesigners.html".to_owned(),
            _ => "Digitized data copyright (c) Google Corporation".to_owned(),
        });
    }
    let mut sections: Vec<usize> = (0..7).collect();
    rng.shuffle(&mut sections);
    for section in sections {
        match section {
            0 => names.iter().for_each(|name| out.extend_from_slice(name.as_bytes())),
            1 => names
                .iter()
                .flat_map(|name| name.encode_utf16())
                .for_each(|unit| out.extend_from_slice(&unit.to_be_bytes())),
            2 => {
                for glyph in "exclam,quotedbl,numbersign,dollar,percent,ampersand,parenleft,asterisk,uni00A0,uni0416,Eacute,fi,afii10017,glyph".split(',') {
                    if rng.percent(60) {
                        out.push(low(glyph.len()));
                        out.extend_from_slice(glyph.as_bytes());
                    }
                }
            }
            3 => {
                for _ in 0..rng.between(4, 40) {
                    let glyph = format!("uni{:04X}", rng.below(65_536));
                    out.push(low(glyph.len()));
                    out.extend_from_slice(glyph.as_bytes());
                }
            }
            4 => units(rng, out),
            // Pairs of a glyph and a number, in the order of the glyphs; outlines; a program for hinting.
            5 => {
                for place in 0..rng.between(10, 200) {
                    out.extend_from_slice(&[0, low(place), 0, low(rng.below(128))]);
                }
            }
            _ => {
                for _ in 0..rng.between(60, 900) {
                    out.push(if rng.percent(70) { low(rng.below(128)) } else { byte(rng) });
                }
            }
        }
    }
}

/// A few low bytes over and over, now and then with another among them: programs of hinting, tables of widths.
fn units(rng: &mut Rng, out: &mut Vec<u8>) {
    for _ in 0..rng.between(2, 30) {
        let unit: Vec<u8> = (0..rng.between(1, 5)).map(|_| low(rng.below(128))).collect();
        for _ in 0..rng.between(2, 30) {
            out.extend_from_slice(&unit);
            if rng.percent(15) {
                out.push(low(rng.below(160)));
            }
        }
    }
}

/// Containers of pictures and films.
fn boxes(rng: &mut Rng, out: &mut Vec<u8>) {
    if rng.percent(40) {
        out.extend_from_slice(b"RIFF");
        little(rng.below(900_000), out);
        out.extend_from_slice(one("WEBPVP8 |WEBPVP8X\n\0\0\0|WEBPVP8L|AVI LIST", rng).as_bytes());
        noise(rng, 60, 1_500, out);
        return;
    }
    for kind in "ftypisom,ftypheic,ftypmp42isom,moov,mvhd,trak,tkhd,mdia,hdlrvide,stsd,avc1,stts,stsz,mdat,free,udta,meta,ilst,\u{a9}too".split(',') {
        if rng.percent(50) {
            big(rng.below(90_000), out);
            out.extend_from_slice(kind.as_bytes());
            if rng.percent(50) { samples(rng, out) } else { noise(rng, 4, 90, out) }
        }
    }
    out.extend_from_slice(software(rng).as_bytes());
    noise(rng, 60, 900, out);
}

fn sound(rng: &mut Rng, out: &mut Vec<u8>) {
    match rng.below(3) {
        0 => {
            out.extend_from_slice(
                b"RIFF$\x08\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x44\xac\0\0\x10\xb1\x02\0\x04\0\x10\0data",
            );
            samples(rng, out);
        }
        1 => {
            out.extend_from_slice(b"ID3\x03\0\0\0\0\x0f\x76");
            for tag in "TIT2,TPE1,TALB,TSSE,TYER,COMM,APIC".split(',') {
                out.extend_from_slice(tag.as_bytes());
                big(rng.below(90), out);
                out.extend_from_slice(&[0, 0, 0]);
                out.extend_from_slice(text(rng).as_bytes());
            }
            out.extend_from_slice(b"LAME3.100");
            noise(rng, 60, 900, out);
        }
        _ => {
            out.extend_from_slice(b"OggS\0\x02\0\0\0\0\0\0\0\0\x01vorbis");
            out.extend_from_slice(
                format!("Xiph.Org libVorbis I 2020\0TITLE={}\0ARTIST={}", text(rng), name(rng)).as_bytes(),
            );
            noise(rng, 60, 900, out);
        }
    }
}

/// Messages between programs (Protocol Buffers, MessagePack, CBOR, Thrift): short texts behind tags and lengths.
fn messages(rng: &mut Rng, out: &mut Vec<u8>) {
    for _ in 0..rng.between(2, 30) {
        match rng.below(4) {
            0 => {
                out.push(low(rng.between(1, 15) << 3));
                noise(rng, 1, 5, out);
            }
            1 => noise(rng, 4, 9, out),
            _ => {
                let text = match rng.below(6) {
                    0 => text(rng),
                    1 => name(rng).to_owned(),
                    2 => format!("com.example.{}.{}", word(rng), word(rng)),
                    3 => format!("https://www.example.com/{}/{}", word(rng), rng.below(999)),
                    4 => format!("{}@example.com", word(rng)),
                    _ => word(rng).to_owned(),
                };
                out.push(low(rng.between(1, 15) << 3 | 2));
                out.push(low(text.len()));
                out.extend_from_slice(text.as_bytes());
            }
        }
    }
}

/// Tables of numbers, most of them small, with a name now and then: databases, models, caches.
fn records(rng: &mut Rng, out: &mut Vec<u8>) {
    let width = rng.between(1, 4);
    for _ in 0..rng.between(20, 300) {
        if rng.percent(8) {
            out.extend_from_slice(word(rng).as_bytes());
            out.push(0);
        } else {
            let number = rng.below(1 << (width * 4));
            if rng.percent(50) { little(number, out) } else { big(number, out) }
        }
    }
}

/// Texts of a program, one behind the other with a zero between.
fn strings(rng: &mut Rng, out: &mut Vec<u8>) {
    for _ in 0..rng.between(8, 60) {
        little(rng.below(300), out);
        little(rng.below(90_000), out);
    }
    for _ in 0..rng.between(3, 14) {
        let said = match rng.below(6) {
            0 => format!("{}: invalid option -- '%c'\n", word(rng)),
            1 => format!("Usage: %s [OPTION]... {}\n", word(rng).to_uppercase()),
            2 => format!("cannot open %s: %s ({}: %d)", word(rng)),
            _ => text(rng),
        };
        out.extend_from_slice(said.as_bytes());
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_bytes_that_are_no_text_and_the_same_for_the_same_seed() {
        for format in 0..FORMATS {
            let (mut first, mut second) = (Rng::new(7), Rng::new(7));
            for _ in 0..20 {
                let file = file(format, &mut first);
                assert_eq!(file, super::file(format, &mut second), "{format}");
                assert!(!file.is_empty(), "{format}");
            }
        }
        let texts =
            (0..FORMATS).filter(|format| std::str::from_utf8(&file(*format, &mut Rng::new(1))).is_ok());
        assert!(texts.count() <= 2, "samples and records of small numbers may be ASCII");
    }

    #[test]
    fn a_payload_stands_in_its_file() {
        let mut rng = Rng::new(3);
        for _ in 0..50 {
            let file = around(b"' or 1=1--", &mut rng);
            assert!(file.windows(10).any(|part| part == b"' or 1=1--"));
            assert!(!spaced(b"' or 1=1--", &mut rng).contains(&b' '));
        }
    }
}
