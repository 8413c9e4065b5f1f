/** The end of a next step that names another release, of a failure that a run may be held for: the lane is that run's, and others wait for it. */
export const endItFirst =
  'Another release waits until this run has ended: `slipway abort ID` before it has changed anything; after that `slipway rollback ID` or `slipway accept-failure ID`, and the hold of the lane is to be cleared.';
