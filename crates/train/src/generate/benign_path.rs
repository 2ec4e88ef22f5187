//! Paths of ordinary sites.

use super::benign_text::word;
use crate::rng::Rng;

const FILES: &str = "index.html index.php style.css main.js app.min.js jquery.min.js logo.png favicon.ico robots.txt feed.xml \
sitemap.xml print.css banner.jpg icon.svg font.woff2 video.mp4 report.pdf data.json manifest.json bundle.js.map README.md \
article.asp default.aspx view.jsp action.do page.cgi download.zip archive.tar.gz apple-touch-icon.png style2.css rss.xml \
wp-login.php xmlrpc.php admin-ajax.php wp-cron.php load-styles.php browserconfig.xml humans.txt crossdomain.xml ads.txt \
screenshot-2015.png slide01.html reset.css package.json setup.exe libfoo.so.1 xdotool-2.20110530.1.tar.gz graph.php";

const DIRS: &str = "blog articles images img css js static assets media uploads wp-content wp-admin wp-includes themes plugins \
projects presentations docs api v1 v2 users products category tags tag search download files public node_modules dist build \
lib vendor en de fr en-US news archive 2015 2016 2023 05 11 account cart checkout admin login about contact help support \
forum topic question questions cgi-bin scripts pages content sites default modules system rest graphql oauth2 auth token \
config etc test old new backup include includes template templates misc src bin data store shop item detail view edit \
geekery style2 doc presentation logstash puppet .well-known acme-challenge ~user _next _nuxt chunks fonts webfonts";

/// A path with its leading slash.
pub(crate) fn path(rng: &mut Rng) -> String {
    let mut path = String::new();
    for _ in 0..rng.between(0, 5) {
        path.push('/');
        match rng.below(10) {
            0..=5 => path.push_str(rng.word(DIRS)),
            6 => path.push_str(&slug(rng)),
            7 => path.push_str(&rng.chars("0123456789", rng.clone().between(1, 8))),
            8 => path.push_str(&rng.chars("0123456789abcdef", 12)),
            _ => path.push_str(word(rng)),
        }
    }
    path.push('/');
    match rng.below(12) {
        0..=4 => path.push_str(rng.word(FILES)),
        5 | 6 => path.push_str(&slug(rng)),
        7 => {
            path.push_str(&slug(rng));
            path.push_str(rng.pick(&[
                ".html",
                ".htm",
                ".php",
                ".aspx",
                ".jpg",
                ".png",
                "-300x200.jpg",
                "@2x.png",
                ".pdf",
            ]));
        }
        8 => {
            let hash = rng.chars("0123456789abcdef", 8);
            path.push_str(rng.pick(&["main", "vendor", "chunk", "app"]));
            path.push_str(&[".", &hash, rng.pick(&[".js", ".css", ".bundle.js", ".min.js"])].concat());
        }
        9 => path.push_str(&[word(rng), "%20", word(rng)].concat()),
        10 => path.push_str(&[rng.word(FILES), ";jsessionid=", &rng.chars("0123456789ABCDEF", 32)].concat()),
        _ => {}
    }
    if rng.percent(4) {
        let extra = [
            "/".to_owned(),
            "/.".to_owned(),
            format!("({})", word(rng)),
            format!(":{}", word(rng)),
            format!(",{}", word(rng)),
            format!("@{}", word(rng)),
            format!("/#{}", word(rng)),
            format!("_({})", word(rng)),
            "//".to_owned(),
            "/&".to_owned(),
            "%22".to_owned(),
            "'s".to_owned(),
        ];
        path.push_str(&extra[rng.below(extra.len())]);
    }
    path
}

fn slug(rng: &mut Rng) -> String {
    let words: Vec<&str> = (0..rng.between(1, 7)).map(|_| word(rng)).collect();
    words.join(rng.pick(&["-", "-", "-", "_", "+", "%20"]))
}
