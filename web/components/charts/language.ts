/**
 * uPlot hands the browser's language to Intl as it loads, which throws on a tag that is none, such as the `en-US@posix` of Chromium under a POSIX
 * locale, and would take the page with it. Imported before uPlot, this gives such a browser plain English; figures are formatted by the page anyhow.
 */
function isLanguageTag(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length === 1;
  } catch {
    return false;
  }
}

if (!isLanguageTag(navigator.language)) Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });

export {};
