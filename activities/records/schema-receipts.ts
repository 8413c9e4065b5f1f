/** That a destination has got the statements up to one counts by a gateway's signature, and not by a number that anybody may have written. */
export const receipts = `
  alter table slipway.shipments add column receipt json constraint most_receipt check (octet_length(receipt::text) <= 8192);
`;
