import type { Locator, Page } from 'playwright-core';

/** What the world of the pictures comes to, in this order. */
export const moments = ['verified', 'waiting', 'deploying', 'held'] as const;
export type Moment = (typeof moments)[number];

/** CSS pixels, and how many of the picture's each is: sharp enough, and small enough to be committed. */
export const windows = {
  desk: { width: 1280, height: 840, scale: 1.5 },
  phone: { width: 390, height: 844, scale: 2 },
} as const;
export type Window = keyof typeof windows;

export const schemes = ['light', 'dark'] as const;

/** One page at one moment, as somebody who is logged in sees it; in light and dark. */
export interface Picture {
  name: string;
  at: Moment;
  /** Of the gateway. `run`: the release of that moment. */
  path: (run: string) => string;
  as: 'lab-approver' | 'lab-developer' | 'visitor';
  windows: readonly Window[];
  /** Waits until all is on it that the picture is to show. */
  ready: (page: Page) => Promise<unknown>;
}

const runPage = { path: (run: string) => `/runs/${run}`, as: 'lab-approver' } as const;

/** Of its commit: it comes a moment after the page. */
const secondRelease = 'A new payment provider';
/** What stood there, which comes after that, too. */
const before = (page: Page) => page.locator('td[data-th=Before] button');

async function allThere(...parts: Locator[]): Promise<void> {
  for (const part of parts) await part.first().waitFor();
}

/** To have another picture: a line here, `npm run pictures -- NAME`, and the document that shows it. */
export const pictures: readonly Picture[] = [
  {
    ...{ name: 'release-verified', at: 'verified', ...runPage, windows: ['desk'] },
    ready: (page) => allThere(page.locator('h1').getByText('verified'), page.getByText('The shop', { exact: true })),
  },
  {
    ...{ name: 'release-approval', at: 'waiting', ...runPage, windows: ['desk', 'phone'] },
    ready: (page) => allThere(page.getByText('computed here and equal'), page.getByText(secondRelease)),
  },
  {
    ...{ name: 'release-deploying', at: 'deploying', ...runPage, windows: ['desk'] },
    ready: (page) => allThere(page.locator('h1').getByText('deploying'), page.getByText(secondRelease), before(page)),
  },
  {
    ...{ name: 'overview', at: 'held', path: () => '/', as: 'lab-approver', windows: ['desk'] },
    ready: (page) => allThere(page.locator('#todo').getByText('Decide'), page.locator('table').getByText('verified')),
  },
  {
    ...{ name: 'release-held', at: 'held', ...runPage, windows: ['desk', 'phone'] },
    ready: (page) => allThere(page.getByText('schema allows'), page.getByText(secondRelease), before(page)),
  },
];

/** As they lie in docs/pictures. */
export function filesOf({ name, windows: shown }: Pick<Picture, 'name' | 'windows'>): string[] {
  return shown.flatMap((window) => schemes.map((scheme) => fileOf({ name, window, scheme })));
}

export function fileOf({ name, window, scheme }: { name: string; window: Window; scheme: string }): string {
  return `${name}-${window}-${scheme}.png`;
}
