/** By the text that is stored: what a login has written is not read as JSON here. One that is written otherwise is not listed, and counts as it did. */
export const isOrderBack = `signed::text like '%"run":"rollback/%'`;

/** Orders to roll back that have a run of their own are listed beside releases, newest first, however many decisions there are. */
export const ordersBack = `
  create index decisions_ordering_back on slipway.decisions (position) where ${isOrderBack};
`;
