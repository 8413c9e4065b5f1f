/** Of the documents that `--json` prints. It rises when a field goes, or means something else; not when one is added. */
export const documentVersion = 1;
