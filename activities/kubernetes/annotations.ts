/** What we write on a Deployment beside its images. Not in the pod template: there it would roll pods whose images are equal. */
export const ticketAnnotation = 'slipway/ticket';
/** What the ticket was used for: a release's own late deploy must not undo its rollback, which has the same ticket. */
export const purposeAnnotation = 'slipway/purpose';
/** Variables that the write has left to others, by name: afterwards nobody can see that they were ours as well. */
export const leftAnnotation = 'slipway/left-to-others';
export const releaseAnnotation = 'slipway/release';
/** Shown by `kubectl rollout history`, which reads it from the ReplicaSet, to which the controller copies it. */
export const changeCauseAnnotation = 'kubernetes.io/change-cause';
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
