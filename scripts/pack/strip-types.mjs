import { stripTypeScriptTypes } from 'node:module';

/** A loader of webpack: takes types out as Node does when it runs a checkout, so that both run the same code. */
export default function stripTypes(source) {
  return stripTypeScriptTypes(source);
}
