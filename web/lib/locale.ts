// Chromium under the C locale gives `en-US@posix`, which is no language tag, and the chart library makes number formats of it when it is loaded.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}

export {};
