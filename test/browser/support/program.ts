/** Chromium: Debian's, or whichever is named. */
export const program = process.env['SLIPWAY_CHROMIUM'] ?? '/usr/bin/chromium';
