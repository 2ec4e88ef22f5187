/** Who looks at a page: the device and its language. Brands are Google Chrome's where the engine says "Chromium". */

/** @param {string} version of the browser, full @param {boolean} mobile @param {Record<string, unknown>} more */
const metadata = (version, mobile, more) => {
  const major = version.split(".")[0];
  return {
    brands: [{ brand: "Google Chrome", version: major }, { brand: "Chromium", version: major }, { brand: "Not)A;Brand", version: "24" }],
    fullVersionList: [{ brand: "Google Chrome", version }, { brand: "Chromium", version }, { brand: "Not)A;Brand", version: "24.0.0.0" }],
    mobile, architecture: mobile ? "" : "x86", bitness: mobile ? "" : "64", wow64: false, ...more,
  };
};

/** @typedef {{client: string, locale: string, languages: string, timezone: string, viewport: {width: number, height: number}, scale: number, touch: boolean, userAgent: string, metadata?: object}} Persona */

/** @param {string} version of Chromium, such as 140.0.7339.80 @returns {Persona[]} */
export function personas(version) {
  const major = version.split(".")[0];
  const chrome = (/** @type {string} */ system, mobile = "") => `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0${mobile} Safari/537.36`;
  const desktop = { viewport: { width: 1440, height: 900 }, scale: 1, touch: false };
  const phone = { viewport: { width: 412, height: 915 }, scale: 2.625, touch: true };
  const windows = { ...desktop, client: "chromium-desktop", userAgent: chrome("Windows NT 10.0; Win64; x64"), metadata: metadata(version, false, { platform: "Windows", platformVersion: "19.0.0", model: "" }) };
  const mac = { ...desktop, client: "chromium-desktop", userAgent: chrome("Macintosh; Intel Mac OS X 10_15_7"), metadata: metadata(version, false, { platform: "macOS", platformVersion: "15.6.1", model: "", architecture: "arm" }) };
  const linux = { ...desktop, client: "chromium-desktop", userAgent: chrome("X11; Linux x86_64"), metadata: metadata(version, false, { platform: "Linux", platformVersion: "", model: "" }) };
  const android = { ...phone, client: "chromium-android", userAgent: chrome("Linux; Android 10; K", " Mobile"), metadata: metadata(version, true, { platform: "Android", platformVersion: "16.0.0", model: "Pixel 9" }) };
  const iphone = { client: "chromium-iphone", viewport: { width: 393, height: 852 }, scale: 3, touch: true, userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1" };
  return [
    { ...windows, locale: "en-US", languages: "en-US,en;q=0.9", timezone: "America/New_York" },
    { ...android, locale: "de-DE", languages: "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", timezone: "Europe/Berlin" },
    { ...mac, locale: "fr-FR", languages: "fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", timezone: "Europe/Paris" },
    { ...iphone, locale: "en-GB", languages: "en-GB,en;q=0.9", timezone: "Europe/London" },
    { ...linux, locale: "ja-JP", languages: "ja,en-US;q=0.9,en;q=0.8", timezone: "Asia/Tokyo" },
    { ...android, locale: "pt-BR", languages: "pt-BR,pt;q=0.9,en;q=0.8", timezone: "America/Sao_Paulo" },
    { ...windows, locale: "ru-RU", languages: "ru-RU,ru;q=0.9,en;q=0.8", timezone: "Europe/Moscow" },
    { ...iphone, locale: "ar-EG", languages: "ar,en-US;q=0.9,en;q=0.8", timezone: "Africa/Cairo" },
  ];
}
