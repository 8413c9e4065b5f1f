import { describe, expect, it } from '@jest/globals';
import { namedIn, searchOf } from '../../../client/dashboard/words/address.ts';

describe('what stands behind the ? of an address', () => {
  it('is read as texts, and written as it was read', () => {
    const search = '?service=shop&number=0042&open=true&by=Ann+Lee';
    expect(namedIn(search)).toEqual({ service: 'shop', number: '0042', open: 'true', by: 'Ann Lee' });
    expect(searchOf(namedIn(search))).toBe(search);
  });

  it('is left out where it says nothing, or more than anybody is called', () => {
    expect(namedIn(`?service=&by=${'a'.repeat(301)}`)).toEqual({});
    expect(searchOf({ service: '', by: undefined })).toBe('');
  });
});
