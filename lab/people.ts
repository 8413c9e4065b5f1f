/** Who there is in the lab, by any door: one asks for releases, one decides about them, one looks. */
export const labPeople = {
  requester: 'lab-developer',
  approver: 'lab-approver',
  visitor: 'visitor',
} as const;
