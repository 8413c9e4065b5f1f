import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import type { PipelineReader } from '../../activities/steps/pipeline-reader.ts';
import type { GithubJob } from '../../domain/contract/github.ts';
import type { Millis } from '../../domain/contract/release.ts';
import { grantsOfJob } from '../../domain/github-grants.ts';
import type { Door } from './doors.ts';
import { Refused } from './errors.ts';

export interface GithubDoor {
  /** Who signs the tokens: `https://token.actions.githubusercontent.com`, or that of a GitHub Enterprise Server. */
  issuer: string;
  /** For whom they must be made: for this gateway, and nobody else. */
  audience: string;
  pipeline: Pick<PipelineReader, 'github'>;
  now: () => Millis;
  /** ms before keys are fetched again for one that is not among them. */
  cooldownMs?: number;
}

/** s: as much as clocks may differ. */
const skew = 60;
const keys = { cacheMaxAge: 600_000, timeoutDuration: 5_000 };

/** Jobs of GitHub Actions, each by the token that GitHub signs for it. `sub`, whose form a repository's owner chooses, is not read. */
export function githubDoor({ issuer, audience, pipeline, now, cooldownMs = 30_000 }: GithubDoor): Door {
  const keySet = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`), { ...keys, cooldownDuration: cooldownMs });
  return async (bearer) => {
    if (issuerOf(bearer) !== issuer) return undefined;
    const verified = await jwtVerify(bearer, keySet, {
      issuer,
      audience,
      algorithms: ['RS256'],
      clockTolerance: skew,
      currentDate: new Date(now()),
      requiredClaims: ['exp', 'nbf', 'jti'],
    }).catch((error: unknown) => {
      throw refusalOf(error);
    });
    const { job, actorId, actor, jti } = claimsIn(verified.payload);
    const grants = grantsOfJob(job, await pipeline.github());
    if ('refused' in grants) throw new Refused(403, 'forbidden', grants.refused, grants.next);
    // Whoever verifies it may still take it for as long as clocks may differ.
    const until = ((verified.payload.exp ?? 0) + skew) * 1_000;
    return {
      proof: { via: 'github', id: actorId, called: actor, belongs: [] },
      grants,
      once: { id: `${issuer} ${jti}`, until },
    };
  };
}

/** By its own word: whose door it is at. */
export function issuerOf(bearer: string): string | undefined {
  try {
    return decodeJwt(bearer).iss;
  } catch {
    return undefined;
  }
}

/** Throws 401 for what the token itself is not good for, and 503 where nobody can tell. */
function refusalOf(error: unknown): Refused {
  if (error instanceof errors.JWTExpired)
    return bad('it has expired', 'Ask GitHub for another one: they are good for minutes.');
  if (error instanceof errors.JWTClaimValidationFailed) return bad(claimInWords(error), `Check who it is made for.`);
  if (isOfToken(error)) return bad('GitHub has not signed it', 'Send the token as GitHub has given it.');
  const next = 'Try again: until they can be read nobody is let in by GitHub.';
  return new Refused(503, 'unavailable', "the keys of GitHub's tokens cannot be read", next);
}

/** Whether it is the token's fault, and not that of whoever keeps the keys. */
export function isOfToken(error: unknown): boolean {
  return ofToken.some((kind) => error instanceof kind);
}

const ofToken = [
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSMultipleMatchingKeys,
  errors.JWKSNoMatchingKey,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWTInvalid,
];

function claimInWords({ claim, payload }: { claim: string; payload: JWTPayload }): string {
  if (claim === 'nbf') return 'it is not good yet';
  if (claim === 'aud') return `it is made for ${[payload.aud].flat().join(', ')}, and not for this gateway`;
  return `its claim ${claim} is missing, or not as it must be`;
}

function bad(why: string, next: string): Refused {
  return new Refused(401, 'bad-credential', `this token of GitHub is good for nothing: ${why}`, next);
}

const claim = z.string().min(1).max(1_000);
const number = claim.regex(/^[1-9]\d{0,15}$/);
const claims = z
  .object({
    jti: claim,
    repository_id: number,
    repository: claim,
    event_name: claim,
    ref: claim,
    ref_type: claim,
    sha: z.string().regex(/^[0-9a-f]{40}$/),
    job_workflow_ref: claim,
    environment: claim.optional(),
    actor_id: number,
    actor: claim,
  })
  .transform(({ jti, actor_id: actorId, actor, environment, ...said }) => {
    const job: GithubJob = {
      repositoryId: said.repository_id,
      repository: said.repository,
      event: said.event_name,
      ref: said.ref,
      refType: said.ref_type,
      sha: said.sha,
      workflow: said.job_workflow_ref,
      ...(environment !== undefined && { environment }),
    };
    return { job, actorId, actor, jti };
  });

function claimsIn(payload: JWTPayload): z.infer<typeof claims> {
  const read = claims.safeParse(payload);
  if (read.success) return read.data;
  const names = read.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw bad(`its claims are missing, or not as those of a job: ${names}`, 'Send the token of a job of GitHub Actions.');
}
