import { Seed } from "./seed.mjs";

const NAMES = [
  "Siobhán O'Brien", "Renée D'Angelo", "Jürgen Groß-Müller", "山田 太郎", "王小明", "Ольга Петрова", "محمد الأحمد", "Nguyễn Thị Hạnh",
  "Mary-Jane Smith & Sons", "Łukasz Żółty", "김민수", "Sean O’Neill", "Anna-Lena van 't Hoff", "José \"Pepe\" Núñez", "Ἀλέξανδρος Παππάς",
  "दीपिका शर्मा", "N'Golo Diarra", "Dr. Ian McDonald, Jr.", "ยุพา ศรีสุข", "Zoë Saint-John", "דוד כהן", "Ana María López", "Bob Table", "Null, Jennifer",
];
const STREETS = ["12 O'Connell St. #4", "Königsallee 27, 3. OG", "1-2-3 Shibuya, Apt. 405", "ул. Ленина, д. 7/2", "Rua D. João II, nº 5 – 2º Esq.", "55 Drop Lane; rear entrance", "221b Baker Street", "Rue de l'Église, 9 bis"];
const CITIES = ["München", "São Paulo", "Saint-Jean-d'Angély", "東京都", "Kraków", "Coeur d'Alene", "Москва", "Winston-Salem", "Hồ Chí Minh", "القاهرة"];
const PASSWORDS = ["Tr0ub4dor&3", "c0rrect-h0rse;battery*staple", "p@$$w0rd!<2026>", "it's=a'secret\"#1", "Grüße%20/\\|~`", "(;3xQ--9z){}", "пароль№7", "#1=One&Only;)"];
const SEARCHES = [
  "women's running shoes size 8", "select dining table 6 chairs", "c++ vs c# for beginners", "drop shoulder t-shirt", "AC/DC back in black", "how to update from windows 10", "50% off & free shipping",
  "union jack mug", "where to insert a sim card", "10\" cast iron skillet", "python list[0] or list[-1]?", "τι ώρα είναι", "ノートパソコン 14インチ", "детские книги", "müsli ohne zucker",
  "script font wedding invitations", "or else what", "\"exact phrase\" -used", "table lamp; brass", "alter ego band", "2+2 mug math teacher", "cat food and dog food", "delete old photos from iphone",
  "order by mail seeds", "what is <b> in html", "$100 gift card", "ls swap kit", "file cabinet, lateral", "京都 旅館 おすすめ", "مطعم قريب مني",
];
const PROSE = [
  "Hi team, the parcel arrived today (order #48213) but one mug is cracked - could you send a new one? I don't need the old one back; thanks!",
  "Please select the blue one from the list and drop it at Union Station, where my brother's waiting. If he isn't there, update me & insert the key into the box.",
  "Tabs vs. spaces: it's 50/50 here. I'd say \"use what the team uses\" -- and move on. What do you think?",
  "Wir hätten gern zwei Zimmer für die Nacht vom 3. auf den 4. Mai; Frühstück inkl. (ca. 95 €). Geht das? Viele Grüße, Jörg",
  "L'hôtel était très bien situé, à deux pas de l'église. Le petit-déjeuner : 8/10. J'y retournerai, c'est sûr !",
  "昨日注文した商品がまだ届きません。注文番号は「A-10045」です。確認していただけますか？よろしくお願いします。",
  "Здравствуйте! Не могу войти в личный кабинет: пишет «неверный пароль», хотя всё правильно. Что делать?",
  "مرحبا، أريد تغيير عنوان التوصيل إلى شارع النيل رقم ١٢، هل هذا ممكن؟ شكرا جزيلا.",
  "¿Dónde está mi pedido? Llevo 3 días esperando... El código era ABC-99/2. ¡Gracias!",
  "Recipe: 1/2 cup sugar, 3 eggs, 200 g flour; mix, bake @ 180°C for 25'--30'. Serves 4 (or 2, if they're hungry). 😋🎂",
  "In Excel I typed =SUM(A1:A10)*1.19 and got #REF!; then I changed the range & it worked. See the notes: https://docs.example/howto?id=7&lang=en#step-2",
  "Steps to reproduce:\n1. Open Settings > Profile\n2. Change the name to \"O'Brien\"\n3. Press <Enter>\n\nExpected: saved. Actual: error 500 :(",
  "주문한 상품을 교환하고 싶어요. 사이즈가 너무 작아요 ㅠㅠ 어떻게 하면 되나요?",
  "Meeting notes\r\n- Q3 budget: $12,400.50 (+8.5%)\r\n- Owner: Kim/Pat\r\n- Next: Tue 14:30, room \"B-12\"\r\n\r\nPS: who has the keys?",
  "The temperature was < 0 and the wind > 60 km/h; we went out anyway && had fun ;-)",
  "ขอบคุณมากค่ะ สินค้าดีมาก ส่งเร็ว แพ็คของแน่นหนา",
  "The group by the window asked for a table of four, having waited an hour. \"Not in my exec's name!\" he joked; the host rolled his eyes.",
  "| Item | Qty |\n|---|---|\n| Nuts `M4` | 20 |\n| Bolts | 15 |\n\n**Note:** ~~blue~~ *red* ones, see [list](/files/list.pdf) and `config.json`.",
];
const COLOURS = ["#ff8800", "#1e90ff", "#0a0a0a", "rebeccapurple", "rgb(12, 34, 56)", "hsl(120deg 75% 25% / 60%)"];
const PRODUCTS = ["Trail Runner 3 (men's)", "Kaffeebecher „Union Jack“", "14\" Laptop sleeve", "T-Shirt – drop shoulder", "Notizbuch A5, kariert", "急須 常滑焼", "Cable USB-C→USB-A 1.5m", "Salt & Pepper set"];
const HOSTS = ["example.com", "mail.example", "uni-köln.example", "example.co.uk", "corp.example.org"];

/** Invented things that people type and programs send, drawn from a seed. Nothing here is an attack. */
export class Words {
  /** @param {string} name of the seed */
  constructor(name) {
    this.seed = new Seed(name);
  }

  name() { return this.seed.pick(NAMES); }
  street() { return this.seed.pick(STREETS); }
  city() { return this.seed.pick(CITIES); }
  password() { return this.seed.pick(PASSWORDS); }
  search() { return this.seed.pick(SEARCHES); }
  prose() { return this.seed.pick(PROSE); }
  colour() { return this.seed.pick(COLOURS); }
  product() { return this.seed.pick(PRODUCTS); }
  sku() { return `${this.seed.pick(["TR", "KB", "NB", "XL"])}-${this.seed.whole(100, 9999)}/${this.seed.pick(["A", "B", "EU"])}`; }
  email() { return `${this.seed.pick(["anna", "j.o'neil", "max+news", "li_wei", "m-garcia", "kim.99"])}@${this.seed.pick(["example.com", "mail.example", "example.co.uk", "corp.example.org"])}`; }
  site() { return `https://${this.seed.pick(HOSTS)}/~${this.seed.pick(["anna", "max", "kim"])}/?p=${this.seed.whole(1, 999)}&ref=${this.seed.pick(["a%20b", "home", "x/y"])}#top`; }
  price() { return this.seed.whole(100, 99999) / 100; }
  phone() { return this.seed.pick(["+49 (0)30 / 123 45-67", "(555) 010-1234 x12", "+81-3-1234-5678", "0171 5550199"]); }
  date() { return `2026-${String(this.seed.whole(1, 12)).padStart(2, "0")}-${String(this.seed.whole(1, 28)).padStart(2, "0")}`; }
  time() { return `${this.date()}T${String(this.seed.whole(0, 23)).padStart(2, "0")}:${String(this.seed.whole(0, 59)).padStart(2, "0")}:07.${this.seed.whole(100, 999)}Z`; }
  id() { return this.seed.whole(1000, 9999999); }
  uuid() { return this.seed.uuid(); }
  hex(n) { return this.seed.hex(n); }

  /** A token in the form of a JWT; its signature is noise. */
  jwt() {
    const part = (/** @type {unknown} */ v) => Buffer.from(JSON.stringify(v)).toString("base64url");
    const claims = { iss: "https://login.example/", sub: `auth0|${this.hex(24)}`, aud: ["api", "web"], iat: 1790000000, exp: 1790003600, name: this.name(), scope: "openid profile read:orders" };
    return `${part({ alg: "RS256", typ: "JWT", kid: this.hex(8) })}.${part(claims)}.${this.seed.bytes(128).toString("base64url")}`;
  }

  /** What a page gets as `window.words`: lists long enough for one scene. */
  forPage() {
    const many = (/** @type {() => unknown} */ f, n = 8) => Array.from({ length: n }, () => f.call(this));
    return {
      names: many(this.name), searches: many(this.search), prose: many(this.prose, 10), products: many(this.product), emails: many(this.email), cities: many(this.city),
      streets: many(this.street), passwords: many(this.password, 4), uuids: many(this.uuid), ids: many(this.id), prices: many(this.price), sites: many(this.site, 4),
      colours: many(this.colour, 4), dates: many(this.date, 6), times: many(this.time, 6), phones: many(this.phone, 4), skus: many(this.sku), jwt: this.jwt(),
    };
  }
}
