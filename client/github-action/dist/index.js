import "node:fs/promises";
import { default as __WEBPACK_EXTERNAL_MODULE_node_path_02319fef_default__ } from "node:path";
import { EventEmitter as __WEBPACK_EXTERNAL_MODULE_node_events_819cca76_EventEmitter__ } from "node:events";
import { default as __WEBPACK_EXTERNAL_MODULE_node_child_process_7aa195c7_default__ } from "node:child_process";
import { default as __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__ } from "node:process";
import { stripVTControlCharacters as __WEBPACK_EXTERNAL_MODULE_node_util_1f093676_stripVTControlCharacters__ } from "node:util";
import * as __WEBPACK_EXTERNAL_MODULE_node_crypto_803ecaf5__ from "node:crypto";
import * as __WEBPACK_EXTERNAL_MODULE_node_fs_75ed2103__ from "node:fs";
import * as __WEBPACK_EXTERNAL_MODULE_node_timers_promises_eb16eb97__ from "node:timers/promises";
import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "node:module";
const __WEBPACK_EXTERNAL_createRequire_require = __WEBPACK_EXTERNAL_createRequire(import.meta.url);
/******/ var __webpack_modules__ = ({

/***/ "./client/cli/failures.ts"
(__unused_webpack_module, __webpack_exports__, __webpack_require__) {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   NR: () => (/* binding */ refusedFailure),
/* harmony export */   P3: () => (/* binding */ amended),
/* harmony export */   Xb: () => (/* binding */ CliFailure),
/* harmony export */   ey: () => (/* binding */ isTemporary),
/* harmony export */   fT: () => (/* binding */ isInterrupted),
/* harmony export */   jD: () => (/* binding */ isGatewayFailure),
/* harmony export */   rn: () => (/* binding */ interruptedFailure)
/* harmony export */ });
/* unused harmony exports mayHaveArrived, usageFailure */
/* unused harmony import specifier */ var otherExitCodes;
/* harmony import */ var _domain_outcomes_ts__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__("./domain/outcomes.ts");
                                                                     


                                    
                                                                                   
               
                  
                                    
               
                   
                                                   
                                                                      
                               
 

/** What the gateway, or the way to it, said. `temporary` means: the same request may well succeed later. */
                                                                  
                                                   
 

/** The only error that commands throw on purpose: a message, a next step and an exit code. */
class CliFailure extends Error {
           details                                           ;

  constructor(details                                           ) {
    super(details.message);
    this.name = 'CliFailure';
    this.details = details;
  }
}

                                                                             

function isGatewayFailure(error         )                          {
  return error instanceof CliFailure && 'gateway' in error.details;
}

function isTemporary(error         )                          {
  return isGatewayFailure(error) && error.details.gateway.temporary;
}

/** The code of a stream on which nothing has ever come, not even a sign of life. */
const silent = 'silent';

/** Nobody knows whether it was done. Who is told that they ask too often knows: nothing was. */
function mayHaveArrived(error         )                          {
  return isTemporary(error) && error.details.gateway.status !== 429;
}

function usageFailure(message        , next        )             {
  return new CliFailure({ code: 'usage', message, next, exitCode: otherExitCodes.usage });
}

function refusedFailure(message        , next        )             {
  return new CliFailure({ code: 'refused', message, next, exitCode: _domain_outcomes_ts__WEBPACK_IMPORTED_MODULE_0__/* .otherExitCodes */ .PH.refused });
}

function interruptedFailure()             {
  return new CliFailure({
    code: 'interrupted',
    message: 'interrupted',
    next: 'Run the command again when you want to.',
    exitCode: _domain_outcomes_ts__WEBPACK_IMPORTED_MODULE_0__/* .otherExitCodes */ .PH.interrupted,
  });
}

function isInterrupted(error         )                                                             {
  return error instanceof CliFailure && error.details.code === 'interrupted';
}

/** The same failure with another next step, or with ids that let the caller go on. */
function amended(failure            , change                            )             {
  return new CliFailure({ ...failure.details, ...change });
}


/***/ },

/***/ "./client/cli/safe-text.ts"
(__unused_webpack_module, __webpack_exports__, __webpack_require__) {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Hk: () => (/* binding */ safeText),
/* harmony export */   TN: () => (/* binding */ oneLine),
/* harmony export */   oi: () => (/* binding */ safeJson)
/* harmony export */ });
/* unused harmony export safeDocument */
// C0 without tab and newline, DEL and C1; then what reorders, hides or breaks text: bidirectional controls, zero-width, separators, tags.
const unsafe =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/**
 * What terminals obey, whole: `CSI … letter`, `OSC … BEL` and their like, and `ESC` with a letter. Each ends before the next begins, so
 * that the time grows with the text alone; util.stripVTControlCharacters takes half a minute for 200 kB of `ESC ] ;`.
 */
const sequences =
  // eslint-disable-next-line no-control-regex
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-Z\\`-~]/g;

/** Text from outside, without anything a terminal would obey or a reader could not see. Tabs and newlines stay. */
function safeText(text        )         {
  return text.replace(sequences, '').replace(unsafe, '');
}

/** The same on one line: a name from outside cannot begin a line of its own. */
function oneLine(text        )         {
  return safeText(text).replace(/\s+/g, ' ').trim();
}

/** Parsed JSON with every string and every key made safe. What is null is left out: the contract says "absent". */
function safeJson(value         )          {
  if (typeof value === 'string') return safeText(value);
  if (Array.isArray(value)) return value.map(safeJson);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [safeText(key), safeJson(inner)]));
}

/** As JSON that says exactly the same to programs, without what a terminal would obey: that is written as `\u202e`. */
function safeDocument(document         )         {
  return JSON.stringify(document, null, 2).replace(unsafe, (found) => {
    const units = Array.from({ length: found.length }, (_, at) => found.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}


/***/ },

/***/ "./client/github-action/main.ts"
(module, __unused_webpack___webpack_exports__, __webpack_require__) {

__webpack_require__.a(module, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__("node:timers/promises");
/* harmony import */ var _release_ts__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__("./client/github-action/release.ts");
/* harmony import */ var _runner_ts__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__("./client/github-action/runner.ts");




/** A job that is cancelled is told so by SIGINT, and 7.5 s later by SIGTERM: what was begun at the first is not given up at the second. */
const cancelled = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']         ) process.on(signal, () => cancelled.abort());

process.exitCode = await (0,_release_ts__WEBPACK_IMPORTED_MODULE_1__/* .release */ ._)({
  env: process.env,
  io: { now: Date.now, sleep: (ms, signal) => (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(ms, undefined, { signal }), signal: cancelled.signal },
  runner: (0,_runner_ts__WEBPACK_IMPORTED_MODULE_2__/* .createRunner */ .j)({ env: process.env, write: (text) => process.stdout.write(text) }),
});

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ },

/***/ "./client/github-action/release.ts"
(__unused_webpack_module, __webpack_exports__, __webpack_require__) {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  _: () => (/* binding */ release_release)
});

// EXTERNAL MODULE: ./domain/outcomes.ts
var outcomes = __webpack_require__("./domain/outcomes.ts");
// EXTERNAL MODULE: ./domain/contract/names.ts + 1 modules
var names = __webpack_require__("./domain/contract/names.ts");
;// ./domain/not-begun.ts
/* unused harmony import specifier */ var orderOfRollback;
/* unused harmony import specifier */ var idOfRelease;
                                                        


/** What is known of a run by its request. */
                                                                                                                

/** Why nobody can tell how a run has ended that Temporal does not know. */
                                                

/** In a few words; a newer gateway may know more. */
function unknownInWords(why         )         {
  switch (why) {
    case 'not-begun':
      return 'it has not begun, or its history is gone';
    case 'elsewhere':
      return 'this Temporal knows neither it nor its lane';
    default:
      return 'Temporal does not know it';
  }
}

/** Of one that has begun by the records: it may be under way where the workers look. */
function whyNotHere({ service, environment, namespace }                               )           {
  return [
    `By the records it has begun, and has not ended; the Temporal that the gateway asks (namespace ${namespace}) knows neither it nor its lane. It may be another one than the workers have.`,
    `Next: compare SLIPWAY_TEMPORAL_ADDRESS and SLIPWAY_TEMPORAL_NAMESPACE of the gateway and the workers. Where the histories are lost, \`slipway lane tell --service ${service} --environment ${environment}\` begins the lane anew, and then the run is told as ended.`,
  ];
}

/** What is so, and what moves it: nobody else will. */
function whyNotBegun(asked       )           {
  return [
    `It has not begun, or its history is gone: Temporal does not know it, and by the records it has changed nothing. It was asked for, and nothing more.`,
    orderOfRollback(asked.releaseId) === undefined ? beginRelease(asked) : orderAgain(asked),
  ];
}

function beginRelease({ service, environment, commit, branch }       )         {
  const command = `slipway deploy --service ${service} --environment ${environment} --branch ${branch} --commit ${commit}`;
  return `Next: the same \`slipway deploy\` again begins it, with the options that it had: \`${command}\`.`;
}

/** A rollback of its own, by an order of its own: the one that was given expires. */
function orderAgain(asked       )         {
  return `Next: order it again: \`slipway rollback ${idOfRelease(asked)} --reason "…"\`.`;
}

;// ./domain/run-end.ts
/* unused harmony import specifier */ var run_end_orderOfRollback;
/* unused harmony import specifier */ var meaningOf;
/* unused harmony import specifier */ var run_end_outcomes;

                                                                      

                                             

/** Whether a run has done what it was there for: of a release that it is well everywhere, of one that was ordered to put something back that it is back. */
function endedWell(runId        , outcome                    )          {
  const { level, back } = (0,outcomes/* meaningOf */.Pr)(outcome);
  return (0,names/* orderOfRollback */.ht)(runId) === undefined ? level === 'info' : back;
}

/** As what people are told of it. */
function noticeOfEnd(runId        , outcome                    )                                             {
  if (endedWell(runId, outcome)) return { event: 'ended-well', level: 'info' };
  const { level } = meaningOf(outcome);
  // What is well of a release is not what a rollback was there for.
  return { event: 'ended-otherwise', level: level === 'info' ? 'attention' : level };
}

/** What a program is told by how a run has ended: 0 where it has done what it was there for. */
function exitCodeOfRun(runId        , outcome         )         {
  return endedWell(runId, outcome) ? outcomes/* outcomes */.KI.verified.exitCode : outcomes/* outcomes */.KI[outcome].exitCode;
}

/** An outcome in words, as it is meant of this run. */
function endInWords(runId        , outcome         )         {
  const isOrderedBack = run_end_orderOfRollback(runId) !== undefined && run_end_outcomes[outcome].back;
  return isOrderedBack ? 'what was ordered back is back' : run_end_outcomes[outcome].says;
}

// EXTERNAL MODULE: ./client/cli/failures.ts
var failures = __webpack_require__("./client/cli/failures.ts");
;// ./client/cli/exit-codes.ts
/* unused harmony import specifier */ var exit_codes_outcomes;
/* unused harmony import specifier */ var otherExitCodes;





const otherSays                                              = (/* unused pure expression or super */ null && ({
  usage: 'the command line or what it names is not right, or not there; nothing was started',
  refused: 'the gateway, the pipeline file or a person said no; nothing was changed by this command',
  unreachable: 'the gateway cannot be reached, its answer cannot be understood, or no worker says how a lane stands',
  stillRunning: 'followed until --timeout; the release goes on',
  interrupted: 'Ctrl-C; a release that was followed goes on',
}));

/** What these mean of commands that are about no release, or put one back. */
const alsoSays                                   = (/* unused pure expression or super */ null && ({
  verified: '; of a rollback that was ordered: all of it is back; for other commands: done',
  failed:
    '; `validate`, `policy explain`, `doctor`, `setup` and `audit verify`: there are problems, or something is left to do',
}));

/** `validate`, `policy explain`, `doctor` and `setup` found something: the code that checkers use. */
const foundProblems = outcomes/* outcomes */.KI.failed.exitCode;

                              
               
               
               
 

/** Every exit code, from the table of outcomes and the codes beside it, in order of number. */
function exitCodeRows()                {
  const ends = Object.entries(exit_codes_outcomes).map(([name, { exitCode, says }]) => {
    return { code: exitCode, name, says: `${says}${alsoSays[name] ?? ''}` };
  });
  const others = Object.entries(otherExitCodes).map(([name, code]) => ({
    code,
    name,
    says: otherSays[name                               ],
  }));
  return [...ends, ...others].sort((a, b) => a.code - b.code);
}

/** The exit code of a release that has ended. Throws when this version does not know the outcome: that is never a success. */
function exitCodeOf(release                                                            )         {
  const { releaseId, outcome } = release;
  if (outcome !== undefined && (0,outcomes/* isOutcome */.L2)(outcome)) return exitCodeOfRun(releaseId, outcome);
  throw new failures/* CliFailure */.Xb({
    code: 'unknown-outcome',
    message: release.outcome
      ? `the release ended as "${release.outcome}", which this version of slipway does not know`
      : release.unknown
        ? `how the release ended is not known: ${unknownInWords(release.unknown)}`
        : 'the release has ended and no outcome is recorded',
    next: `Look at it with: slipway status ${release.releaseId} --why`,
    exitCode: outcomes/* otherExitCodes */.PH.unreachable,
    ids: { releaseId: release.releaseId },
  });
}

;// ./domain/short-names.ts
                                                        

/** `shop#142`, and of its second rollback `shop#142~2`; the whole id where a gateway of before has told no number. */
function shortName(row                                                                 )         {
  const { releaseId, service, number, undoes } = row;
  if (number !== undefined) return `${service}#${number}`;
  if (undoes?.number === undefined || undoes.nth === undefined) return releaseId;
  return `${service}#${undoes.number}~${undoes.nth}`;
}

/** What people call a run by. */
                      
                              
                                                                 
                                                                      
                                            
                                      
                                   

/** Undefined for what is none of these. */
function readRunName(text        )                       {
  if (text.includes('/')) return { kind: 'id', id: text };
  if (text === '@latest' || text === '@waiting') return { kind: text === '@latest' ? 'latest' : 'waiting' };
  const [, service, digits, nth] = /^([a-z0-9-]{1,63})?#(\d{1,15})(?:~(\d{1,6}))?$/.exec(text) ?? [];
  if (digits !== undefined)
    return {
      kind: 'number',
      number: Number(digits),
      ...(service !== undefined && { service }),
      ...(nth !== undefined && { nth: Number(nth) }),
    };
  return /^[0-9a-f]{4,40}$/.test(text) ? { kind: 'commit', commit: text } : undefined;
}

// EXTERNAL MODULE: ./client/cli/safe-text.ts
var safe_text = /*#__PURE__*/__webpack_require__("./client/cli/safe-text.ts");
;// ./client/cli/sightings.ts

                                                                          
                                  

/** How a release stands, again and again. */
                            
                                                                                                                                                     
                                                    
                
 

                     
                                           
                                                     
                    
                                                                 
                         
 

/** How long it is asked about until it is worth while to try a stream again, ms. */
const untilStreamMs = 30_000;

/** As the gateway tells it where it can, and otherwise as often as one asks: an older gateway, one that has too many streams, something on the way that keeps them back. */
function sightings(following           )            {
  const { io } = following;
  const asked = asking(following);
  const told = listening(following);
  let tellsFrom = -Infinity;
  return {
    async next(withinMs) {
      if (io.now() < tellsFrom) return asked();
      const answer = await told.next(withinMs);
      if (answer !== 'later' && answer !== 'never') return answer;
      tellsFrom = answer === 'never' ? Infinity : io.now() + untilStreamMs;
      return asked();
    },
    close: () => told.close(),
  };
}

/** A stream that is broken is begun anew where it was, so many times before one asks. */
const mostBroken = 3;
/** Between two streams, and two questions while something moves. */
const shortestPauseMs = 500;

function listening({ io, gateway, releaseId }           ) {
  let lastId                    ;
  let stream                    ;

  const heard = async (withinMs        )                                   => {
    stream ??= await sightings_open((signal) => gateway.events(releaseId, { lastId, signal }));
    const event = await within(io, withinMs, stream.coming());
    if (event === 'still') return event;
    stream.taken();
    if (event === 'over') return event;
    lastId = event.id ?? lastId;
    return event.seen;
  };
  const close = () => {
    stream?.close();
    stream = undefined;
  };
  /** What is asked for meanwhile is newer than what was heard. */
  const forgotten = (when                   ) => {
    lastId = undefined;
    return when;
  };

  return {
    /** `later`, `never`: when a stream may be had again. */
    async next(withinMs        )                                                {
      for (let n = 0; n < mostBroken; n += 1) {
        const seen = await heard(withinMs).catch(whenAgain);
        if (seen === 'still') return undefined;
        if (typeof seen !== 'string') return seen;
        close();
        if (seen === 'later' || seen === 'never') return forgotten(seen);
        await pause(io, shortestPauseMs);
      }
      return forgotten('later');
    },
    close,
  };
}

/** Whether there may be another stream after one that has failed, and when. Throws what no other one could help. */
function whenAgain(error         )                             {
  if (!(error instanceof failures/* CliFailure */.Xb) || (0,failures/* isInterrupted */.fT)(error)) throw error;
  if (!(0,failures/* isTemporary */.ey)(error) || error.details.code === (/* inlined export .silent */"silent")) return 'never';
  return error.details.gateway.status === undefined ? 'soon' : 'later';
}

                  
                                        
                                        
                
                
 

/** Resolves when it can be heard: until then it takes no longer than an answer. */
async function sightings_open(begin                                                             )                  {
  const off = new AbortController();
  const events = begin(off.signal);
  let coming                                         ;
  const next = async ()                              => {
    const one = await events.next();
    if (one.done) return 'over';
    return one.value === 'open' ? next() : one.value;
  };
  await events.next();
  return {
    coming: () => (coming ??= next()),
    taken: () => (coming = undefined),
    close() {
      off.abort();
      for (const ending of [coming, events.return(undefined)]) ending?.catch(() => {});
    },
  };
}

/** Timers know no longer ones. */
const longestSleepMs = 24 * 3_600_000;

async function within   (io                 , ms        , work            )                       {
  if (ms === Infinity) return work;
  const over = new AbortController();
  const signal = AbortSignal.any([io.signal, over.signal]);
  const still = pause({ ...io, signal }, Math.min(ms, longestSleepMs)).then(() => 'still'         );
  return Promise.race([work, still]).finally(() => over.abort());
}

/** Throws the interrupted CliFailure after Ctrl-C. */
async function pause({ sleep, signal }                              , ms        )                {
  await sleep(ms, signal).catch(() => {
    throw (0,failures/* interruptedFailure */.rn)();
  });
}

function asking({ io, gateway, releaseId, longestPauseMs }           )                      {
  let pauseMs                    ;
  let before = '';
  const look = () =>
    gateway.release(releaseId).catch((error         ) => {
      if ((0,failures/* isTemporary */.ey)(error)) return error;
      throw error;
    });
  return async () => {
    if (pauseMs !== undefined) await pause(io, pauseMs);
    const seen = await look();
    const now = seen instanceof failures/* CliFailure */.Xb ? before : JSON.stringify(seen);
    pauseMs = now === before && pauseMs !== undefined ? Math.min(pauseMs * 1.3, longestPauseMs) : shortestPauseMs;
    before = now;
    return seen;
  };
}

;// ./client/cli/words.ts
/** 400 ms → `0.4 s`, 75 s → `1 min 15 s`, 2 h → `2 h 00 min`. */
function duration(ms        )         {
  const past = Math.max(0, ms);
  if (past < 9_950) return `${(past / 1_000).toFixed(1)} s`;
  const seconds = Math.round(past / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** `14:03:22` in the zone given, or the machine's own. */
function clock(at        , timeZone         )         {
  return isTime(at) ? written(at, timeZone).slice(-8) : '--:--:--';
}

/** `2026-03-01 14:03`. */
function dateAndTime(at        , timeZone         )         {
  return isTime(at) ? written(at, timeZone).slice(0, -3) : '-';
}

/** `2026-03-01 14:03:22`. */
function toTheSecond(at        , timeZone         )         {
  return isTime(at) ? written(at, timeZone) : '-';
}

/** As `toTheSecond`, of a time that is one. In the machine's own zone without Intl, which takes a browser long to begin with. */
function written(at        , timeZone                    )         {
  const date = new Date(at);
  if (timeZone !== undefined) return date.toLocaleString('sv-SE', { timeZone });
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** `until 14:33 (in 29 min 00 s)`, or how long ago it was. */
function deadline(until        , now        , timeZone         )         {
  const distance = until >= now ? `in ${duration(until - now)}` : `${duration(now - until)} ago`;
  return `until ${dateAndTime(until, timeZone)} (${distance})`;
}

function shortCommit(commit        )         {
  return commit.slice(0, 12);
}

function plural(count        , one        , many = `${one}s`)         {
  return `${count} ${count === 1 ? one : many}`;
}

/** `30s`, `10m`, `2h` in milliseconds; undefined for anything else. */
function parseDuration(text        )                     {
  const match = /^(\d{1,6})(s|m|h)$/.exec(text);
  return match ? Number(match[1]) * { s: 1_000, m: 60_000, h: 3_600_000 }[match[2]                   ] : undefined;
}

/** `2h`, `7d` before now, in milliseconds since 1970; undefined for anything else. */
function longAgo(text        , now        )                     {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const ms = days === undefined ? parseDuration(text) : Number(days) * 86_400_000;
  return ms === undefined ? undefined : now - ms;
}

/** `2 h ago`. */
function ago(at        , now        )         {
  return `${inLargest(now - at)} ago`;
}

/** `45 s`, `12 min`, `2 h`, `3 days`: enough to see how old something is. */
function inLargest(ms        )         {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

function two(value        )         {
  return String(value).padStart(2, '0');
}

function isTime(at        )          {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15;
}

;// ./client/cli/follow.ts
                                                                    

                                                             



                                                         
                                                    
                                  




                         
                                                    
                         
                    
                   
                                                            
                     
                                                   
                                         
 

/** A gateway that is restarted or moved is back by then; the release does not need it meanwhile. */
const patienceMs = 10 * 60_000;
/** The outcome of a run that was ended by force is recorded a little later. */
const graceMs = 15_000;

/** Shows how the release goes on until it has ended, and returns its end. An absent gateway is waited for. Throws CliFailure: interrupted, still running, or what the gateway said. */
async function follow(options               )                       {
  const { releaseId, view, timeoutMs } = options;
  let last                         ;
  const show = (seen             ) => view.show((last = seen));
  try {
    return await untilEnded({ ...options, view: { ...view, show } });
  } catch (error) {
    if ((0,failures/* isInterrupted */.fT)(error))
      throw (0,failures/* amended */.P3)(error, leftRunning(releaseId, 'no longer following; the release goes on', last));
    if (error === outOfTime) throw stillRunning(releaseId, timeoutMs ?? 0, last);
    throw error;
  } finally {
    view.close();
  }
}

/** Followed for as long as was asked for. */
const outOfTime = new Error('followed for as long as was asked for');

async function untilEnded({
  cli: { io },
  gateway,
  releaseId,
  view,
  timeoutMs = Infinity,
  until = () => false,
}               )                       {
  const seeing = sightings({ io, gateway, releaseId, longestPauseMs: view.longestPauseMs });
  const begun = io.now();
  let away                                                ;
  let ended                                                  ;
  const dueAt = () =>
    Math.min(begun + timeoutMs, away ? away.since + patienceMs : Infinity, ended ? ended.since + graceMs : Infinity);
  try {
    for (;;) {
      const seen = await seeing.next(dueAt() - io.now());
      const now = io.now();
      if (seen instanceof failures/* CliFailure */.Xb) {
        away = { since: away?.since ?? now, why: seen };
        view.trouble(seen.message);
      } else if (seen) {
        away = undefined;
        view.show(seen);
        if (seen.open ? until(seen) : seen.outcome !== undefined) return seen;
        ended = seen.open ? undefined : { since: ended?.since ?? now, last: seen };
      }
      if (away && now - away.since >= patienceMs) throw (0,failures/* amended */.P3)(away.why, { ids: { releaseId } });
      if (ended && now - ended.since >= graceMs) return ended.last;
      if (now - begun >= timeoutMs) throw outOfTime;
    }
  } finally {
    seeing.close();
  }
}

function stillRunning(releaseId        , timeoutMs        , last                         )             {
  return new failures/* CliFailure */.Xb({
    code: 'still-running',
    exitCode: outcomes/* otherExitCodes */.PH.stillRunning,
    ...leftRunning(releaseId, `not ended after ${duration(timeoutMs)}; the release goes on`, last),
  });
}

function leftRunning(releaseId        , message        , last                         ) {
  const name = last ? (0,safe_text/* oneLine */.TN)(shortName(last)) : releaseId;
  return {
    message,
    next: `slipway watch ${name} follows it again; ${stopHint(releaseId, name, last)}`,
    ids: { releaseId },
  };
}

/** A run that may have changed something cannot be called off any more, only undone; one that is a rollback, neither. */
function stopHint(releaseId        , name        , last                         )         {
  if (!last?.status || (0,names/* orderOfRollback */.ht)(releaseId) !== undefined)
    return `slipway status ${name} --why says what can be decided about it`;
  return last.status.timings.some(({ stage }) => changing.has(stage))
    ? `slipway rollback ${name} undoes what it has changed`
    : `slipway abort ${name} stops it`;
}

const changing                     = new Set(['migrating', 'deploying', 'verifying', 'recording', 'rolling-back']);

// EXTERNAL MODULE: ./domain/whole-text.ts
var whole_text = /*#__PURE__*/__webpack_require__("./domain/whole-text.ts");
;// ./client/cli/gateway-errors.ts
                                                                                    


                                                        




                                
                 
               
                                                                        
                        
 

                    
              
                          
                        
                                                        
                  
 

/** For somebody who may not do what they have asked for. */
const askWhoMay = 'Ask somebody whose group the operator policy names, or use a token that may do this.';

const nextByStatus                         = {
  400: 'Correct what the message names; `--help` shows how.',
  401: 'Log in (slipway login), or set SLIPWAY_TOKEN to a token this gateway knows.',
  403: askWhoMay,
  404: 'Check the id; `slipway releases` lists what there is.',
  409: 'Look at how it stands now with `slipway status ID --why`, then decide again.',
  422: 'Correct the pipeline file; `slipway validate` checks it without starting anything.',
  429: 'Nothing was done. Wait a minute, and ask less often: one token serves everything that uses it.',
  503: 'Nothing is lost: what runs goes on. Try again in a moment; `slipway doctor` shows what is away.',
};

/** What an answer that is not the wanted one means for the person at the terminal. */
function failureOfAnswer({ url, request, answer, parsed }          )             {
  const { status } = answer;
  const error = gatewayErrorIn(parsed);
  if (!error) return notTheGateway(url, request, answer);
  const refusedFor = longMeasure(answer);
  const temporary = [429, 502, 503, 504].includes(status) && refusedFor === undefined;
  const next = error.next ?? nextByStatus[status] ?? 'See `slipway doctor`, and the log of the gateway.';
  const again = refusedFor === undefined ? '' : ` The same is taken again in ${duration(refusedFor)}.`;
  return new failures/* CliFailure */.Xb({
    code: (0,safe_text/* oneLine */.TN)(error.code),
    message: messageOf(error),
    next: (0,safe_text/* oneLine */.TN)(next + again),
    exitCode: refusedFor === undefined ? exitCodeOfStatus(status) : outcomes/* otherExitCodes */.PH.refused,
    ...(error.problems ? { problems: error.problems } : {}),
    gateway: { status, temporary },
  });
}

const aMinute = 60_000;

/** For whom a measure is full that lasts longer than anybody waits: they are refused, and nothing is wrong with the gateway. */
function longMeasure({ status, retryAfterMs = 0 }               )                     {
  return status === 429 && retryAfterMs > aMinute ? retryAfterMs : undefined;
}

/** For an answer that is JSON and 2xx, but not what the API promises. */
function unexpectedAnswer(what        )             {
  return new failures/* CliFailure */.Xb({
    code: 'unexpected-answer',
    message: `the gateway answered, but not with ${what}`,
    next: 'Check that --gateway is the address of a slipway gateway, of a version that fits this command.',
    exitCode: outcomes/* otherExitCodes */.PH.unreachable,
    gateway: { status: 200, temporary: false },
  });
}

function notTheGateway(
  url        ,
  { method, path }                ,
  { status, body }                    ,
)             {
  const said = (0,safe_text/* oneLine */.TN)((0,whole_text/* head */.d5)(body, 200));
  const gone = status >= 500 || status === 429;
  return new failures/* CliFailure */.Xb({
    code: gone ? 'unreachable' : 'not-a-gateway',
    message: `${method} ${url}${path} answered ${status}, not in the way a slipway gateway does${said ? `: ${said}` : ''}`,
    next: 'Check that --gateway (or SLIPWAY_GATEWAY) is the address of a slipway gateway, without a path.',
    exitCode: outcomes/* otherExitCodes */.PH.unreachable,
    gateway: { status, temporary: gone },
  });
}

function gatewayErrorIn(parsed         )                           {
  const error = (parsed                                          )?.error;
  if (typeof error !== 'object' || error === null) return undefined;
  const safe = (0,safe_text/* safeJson */.oi)(error)                                                ;
  if (typeof safe.code !== 'string' || typeof safe.message !== 'string') return undefined;
  return {
    code: safe.code,
    message: safe.message,
    ...(typeof safe.next === 'string' && safe.next ? { next: safe.next } : {}),
    ...(typeof safe.detail === 'string' ? { detail: safe.detail } : {}),
    ...(Array.isArray(safe.problems) ? { problems: safe.problems.filter(isProblem) } : {}),
  };
}

/** As its schema in client/answers has it, which would cost every command the time to load zod. */
function isProblem(value         )                         {
  const {
    file,
    line,
    column,
    endColumn = 0,
    path = '',
    message,
    hint = '',
    correction = '',
  } = (value ?? {})                                                 ;
  const texts = [file, path, message, hint, correction];
  const counts = [line, column, endColumn];
  return (
    texts.every((one) => typeof one === 'string') &&
    counts.every((one) => typeof one === 'number' && Number.isSafeInteger(one) && one >= 0)
  );
}

function messageOf({ message, detail }              )         {
  const first = (0,safe_text/* safeText */.Hk)(message).trim();
  return detail && !first.includes(detail.trim()) ? `${first}: ${detail.trim()}` : first;
}

function exitCodeOfStatus(status        )         {
  // What the command line names is not right, or not there.
  if (status === 400 || status === 404) return outcomes/* otherExitCodes */.PH.usage;
  return status >= 500 || status === 429 ? outcomes/* otherExitCodes */.PH.unreachable : outcomes/* otherExitCodes */.PH.refused;
}

;// ./activities/shared/bounded-body.ts
/** All of an answer's body; undefined where it is longer than that, of which the rest is not waited for. */
async function readBounded(
  body                                  ,
  mostBytes        ,
)                                           {
  const chunks               = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

;// ./domain/contract/gateway.ts
                                                      
                                                   
                                             
                                                         
                                                                                
                                                    
                                                           
             
                 
         
           
         
              
              
         
                  
                      
                                              
                                               
                                                     

/** Which version the gateway is, in the head of its answers. */
const versionHeader = 'slipway-version';

/**
 * The gateway's HTTP API. All bodies are JSON; `Authorization: Bearer <token>` names the person. Release ids contain slashes: encode them in paths.
 *
 *   GET  /v1/overview                                       → 200 Overview        (all that you may look at, at one look)
 *   POST /v1/releases                      StartRelease     → 201 or 200 StartedRelease   (200: the request key or commit has a run already)
 *                                                            409 asked-otherwise            (a downgrade of a commit that has a run which was asked for otherwise, and newAttempt was not said)
 *                                                            409 older-commit               (what is verified there is not in its past, and downgrade was not said)
 *   GET  /v1/releases?service&environment&commit&since&by&outcome&open&number&limit&before → 200 ReleaseList  (newest first, rollbacks too; commit: its beginning; since: ms)
 *   GET  /v1/releases/:id                                   → 200 ReleaseView
 *   GET  /v1/releases/:id/evidence                          → 200 ReleaseEvidence  (what is on record of its scans, tests, migrations and smoke tests)
 *   GET  /v1/releases/:id/evidence/log?of                   → 200 EvidenceLog      (one log of it: its end, 200 KB at most)
 *   POST /v1/releases/:id/decisions        Decide           → 200 DecisionTaken, 202 where the run refuses it and steps go by it (a no: 200)
 *   GET  /v1/plans/:hash                                    → 200 ReleasePlan
 *   GET  /v1/plans/:hash/verified?release                   → 200 VerifiedBeside  (what stands where that plan goes to; of a release that has ended, what stood there when the plan was made)
 *   GET  /v1/rollbacks/preview?release&region               → 200 RollbackPreview         (region: repeatable; 409 and 400 as the order would get)
 *   GET  /v1/plans/:hash/commits?release                    → 200 PlanCommits
 *   POST /v1/rollbacks                     StartRollback    → 201 StartedRelease          (a run of its own, of a finished release)
 *   GET  /v1/lanes?service&environment&after&limit          → 200 LaneList  (by name; what is on record of each: no lane is asked)
 *   GET  /v1/lanes/:service/:environment                    → 200 LaneView
 *   GET  /v1/lanes/:service/:environment/typical?without    → 200 TypicalDurations  (of the last 20 runs that were verified, but for that one, a minute old at most)
 *   POST /v1/lanes/:service/:environment/freeze             { reason, until? } → 200 LaneView   (until: ms; it ends by itself then)
 *   POST /v1/lanes/:service/:environment/tell               {} → 200 LaneView   (delivers what is on record and the lane has not heard; begins it anew where it does not run)
 *   POST /v1/lanes/:service/:environment/clear-ticket  { reason, ticket } → 200 LaneView
 *   POST /v1/lanes/:service/:environment/{unfreeze,clear-hold}  { reason, id? } → 200 LaneView  (409 without id when there are several, 404 for an id that never was; of a hold only where the lane answers)
 *   GET  /v1/audit                                          → 200 AuditLanes
 *   GET  /v1/audit/rows?lane&after&limit&newest             → 200 AuditPage             (after: rows in order; newest=true: the last ones, 100
 *                                                             at most; a page is of 1 MB at most, and the end is where a page is empty)
 *   GET  /v1/insights?service&environment&since&until       → 200 Insights            (how releases went in whole weeks; since: ms; 5,000 releases at most)
 *   GET  /v1/insights.csv?…                                 → 200 a row for each of the runs that those numbers are made of, to keep as a file
 *   GET  /v1/notifications?all&limit                        → 200 NotificationList  (what people were to be told: what waits, and what nobody tries any more)
 *   POST /v1/notifications/:id/again                        {} → 200 NotificationView
 *   GET  /auth/login?to, GET /auth/callback, POST /auth/logout   (browsers: decision 106)
 *   GET  /v1/engine                                          → 200 { versions, queues }     (who asks for work)
 *   GET  /v1/login                                          → 200 LoginOffered  (no token: where people log in)
 *   GET  /v1/me                                             → 200 Me              (and what you may do where)
 *   GET  /v1/health                                         → 200 { ok, temporal, records, policy, tokens, evidence }   (what is wrong, in words)
 *   GET  /livez                                             → 200 { live: true }           (no token)
 *   GET  /readyz                                            → 200 or 503 { ready, draining }  (no token, at most a second old)
 *   GET  /healthz                                           → 200 { ok }                   (no token, at most a second old)
 *   GET  /openapi.json                                      → 200 all of this as OpenAPI  (no token; docs/http-api.md is made of it)
 *
 * Errors are `{ error: GatewayError }` with 400 (input), 401, 403, 404, 405, 409 (not now), 413 (too long), 415 (no JSON), 422 (pipeline file), 429
 * (too often, or too many at once: `Retry-After` says when), 500 (the gateway's own), 503 (Temporal or records away, or too many at once in all).
 * Every answer to somebody whose token is known says in `slipway-version` of which version the gateway is.
 */
                               
                  
                 
                 
                                                                  
                       
                                                                                                                          
                
                                               
                                       
                      
                                                                    
                     
                                                               
                       
 

                                 
                    
                   
                                                                                                                  
                   
                                                                   
                       
                                                   
                      
 

/** How a release has ended that was asked for once more. */
                              
                  
                   
                   
                                                                                                                                                      
                    
 

                             
                    
                                                                                                                                   
                  
                  
                      
                 
                 
                  
                      
                                                                                                     
                  
                    
                   
                   
                   
                                                                                                                    
                  
                                                                                       
                   
 

                         
                    
                  
                                                                                                    
               
                     
                  
 

/** How an open run stands. */
                           
               
                               
                
                
                          
 

                              
                         
                                                                                  
                
 

                                                 
                
     
                                                                                                                                                  
                                                                                                                
     
                    
                                                                                                      
                         
                                                                                              
                         
                                                                                                                                                         
                      
                                                                          
                
                   
                       
                                                                                                        
                     
 

                              
                                                       
                    
                      
                                        
                                          
                    
                                                                                                  
                                 
 

                                   
                     
             
             
                  
                 
                                                                                                                           
                    
                                                            
                   
 

                         
                                                                 
                     
                     
                                                                                                                                       
                    
                  
                 
 

/** What is told to whoever has decided, once it is stored. */
                                
                     
                 
                        
                  
 

/**
 * What has become of a decision that is stored. `queued`: no worker has answered, and it takes effect when one is back. `unheard`: whether the run has
 * heard of it is not known. `counts`: each step goes by it, though the run says that it does not take it; with 202, but for a no.
 */
                                                                      

                                
                                                                                                 
                    
                     
                     
                 
                  
 

/** What a rollback would do, by the records as they are now; whether images are still in their registries is asked when it goes back. */
                                  
                    
                                                                       
                   
                           
 

                                                         
                                        
                     
                                                              
                        
                      
                                                                                   
                         
 

                           
     
                 
                     
                                 
                                              
                           
     
                                                                   

                           
                  
                      
     
                                                                                                                                          
                                                                
     
                      
                                                                               
                        
                                                                                     
                     
                                                                                   
                     
                                                                                                                                     
                   
                                                                                                                                                
                  
                                                                                                                                        
                                                        
                                                                                                                           
                                     
                               
                                                                  
                            
 

/** A run has changed this since it was verified, and has not brought it back. */
                             
                 
                    
                                                                        
                      
                                                                             
                    
                    
                   
 

/** Lanes of the policy, by name. */
                           
                   
                                                                                 
                
 

/** What is on record of a lane, by which its steps go: whom it has let in, and what closes it. */
                          
                  
                      
                                                                
                            
                          
                                             
                        
                                                                                                                                                          
                
 

/** Where each chain of the audit ends, that whoever asks may look at. */
                             
                   
                                                                                                                 
               
 

                            
                                                              
                                               
 

                                   

/** What was verified last in an environment: what a plan for it is compared with. */
                               
                   
                    
                     
 

                                                    
                                                                                                       
                     
 

                                 
                                                                     
                          
                                                
                
                                                                                                                                 
                               
                                                                                                                     
                                      
 

/** What a plan brings, the newest first, in the words of whoever has pushed it. */
                              
                                                                             
                                   
                
                                                   
                
 

                                                               
     
                                                                                                                                                 
                                                    
     
               
                  
                                                                     
                             
 

                                
               
               
                 
                     
                
                  
                
                      
 

/** Whoever asks, and what they may do in each lane that they may look at. Who is asked for a decision is told with what it is about. */
                                      
                       
 

;// ./client/cli/server-sent-events.ts
/** https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as the gateway uses it. */
                                  
                
               
              
 

/** What has come of an event that is not whole yet: its lines, and a part of the next one. */
                         
                  
               
                                                                          
                      
 

const nothingUnread         = { lines: [], part: '', endsWithCr: false };

/**
 * The events that are whole with this text, and what is left for the next one. Pure; nothing that has come is read twice, however large an event
 * is. Throws for one of more characters than `most`.
 */
function eventsIn(text        , unread        , most        )                                                {
  const came = (unread.endsWithCr ? '\r' : '') + text;
  const endsWithCr = came.endsWith('\r');
  const [first = '', ...others] = (endsWithCr ? came.slice(0, -1) : came).replaceAll(/\r\n?/g, '\n').split('\n');
  const lines = [unread.part + first, ...others];
  const part = lines.pop() ;
  const events                    = [];
  let block = [...unread.lines];
  for (const line of lines) {
    if (line !== '') block.push(line);
    else {
      requireShort(block, most);
      events.push(...eventOf(block));
      block = [];
    }
  }
  requireShort([...block, part], most);
  return { events, unread: { lines: block, part, endsWithCr } };
}

function requireShort(block          , most        )       {
  const characters = block.reduce((sum, line) => sum + line.length, 0);
  if (characters > most) throw new Error(`an event is larger than ${most} characters`);
}

/** Nothing of a block that holds comments alone. */
function eventOf(block          )                    {
  const fields = block.map(fieldOf);
  const all = (name        ) => fields.filter((field) => field.name === name).map(({ value }) => value);
  const data = all('data');
  if (data.length === 0) return [];
  const id = all('id').at(-1);
  return [{ event: all('event').at(-1) ?? 'message', data: data.join('\n'), ...(id !== undefined && { id }) }];
}

function fieldOf(line        )                                  {
  const colon = line.indexOf(':');
  if (colon === -1) return { name: line, value: '' };
  return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') };
}

;// ./client/cli/gateway-http.ts





                                  

                                                               

                                 
                         
                                                                 
               
                 
                                                         
                      
                                                                          
                         
 

                              
                                                                                   
                                                  
                                                                                                                                                  
                                                                           
 

                                
               
                                         
                              
                      
                      
 

/** What a caller is known by; where that does not last, whatever makes the one for each request. */
                                                      

                       
                                                                      
              
                 
                                   
                     
                                                           
                                     
 

const pausesMs = [250, 1_000];
const maxAnswerBytes = 32 * 1024 * 1024;
/** ms. On a stream something comes at once, and then every 15 s. */
const longestSilence = { atFirst: 15_000, later: 45_000 };

function createGatewayHttp({ url, token, io, timeoutMs = 30_000, onVersion }             )              {
  const once = async (request                )                   => {
    const answer = await exchange(request);
    const parsed = parseJson(answer.body);
    const expected = answer.ok || request.alsoAnswers?.includes(answer.status);
    if (!expected || parsed === undefined) throw failureOfAnswer({ url, request, answer, parsed });
    return parsed;
  };

  const ask = async (path        , { headers, ...init }             )                    => {
    const bearer = typeof token === 'function' ? await token() : token;
    const response = await fetch(url + path, {
      ...init,
      // A redirect is an answer of something that is not the gateway; the token does not follow it.
      redirect: 'manual',
      headers: { ...headers, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
    });
    const version = response.headers.get(versionHeader);
    if (version !== null) onVersion?.(version);
    return response;
  };

  const failed = (error         , limitMs        )             => {
    if (io.signal.aborted) return (0,failures/* interruptedFailure */.rn)();
    return error instanceof failures/* CliFailure */.Xb ? error : unreachable(url, describe(error, limitMs));
  };

  const exchange = async ({ method, path, body }                ) => {
    try {
      const response = await ask(path, {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([io.signal, AbortSignal.timeout(timeoutMs)]),
      });
      return await answerIn(response);
    } catch (error) {
      throw failed(error, timeoutMs);
    }
  };

  const stream = async function* ({ path, lastId, signal }               )                                           {
    const silence = new AbortController();
    const atFirstMs = Math.min(longestSilence.atFirst, timeoutMs);
    let limitMs = atFirstMs;
    const heard = () => setTimeout(() => silence.abort(new DOMException('', 'TimeoutError')), limitMs);
    let timer = heard();
    try {
      const response = await ask(path, {
        headers: { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) },
        signal: AbortSignal.any([io.signal, signal, silence.signal]),
      });
      if (!response.ok || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
        const answer = await answerIn(response);
        const request = { method: 'GET', path, repeatable: true }         ;
        throw failureOfAnswer({ url, request, answer, parsed: parseJson(answer.body) });
      }
      yield 'open';
      let unread = nothingUnread;
      for await (const text of textIn(response)) {
        limitMs = longestSilence.later;
        clearTimeout(timer);
        timer = heard();
        const read = eventsIn(text, unread, maxAnswerBytes);
        unread = read.unread;
        yield* read.events;
      }
    } catch (error) {
      const failure = failed(error, limitMs);
      const isSilent = silence.signal.aborted && limitMs === atFirstMs;
      throw isSilent ? (0,failures/* amended */.P3)(failure, { code: (/* inlined export .silent */"silent") }) : failure;
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  };

  return {
    events: stream,
    async send(request) {
      for (const pause of request.repeatable ? pausesMs : []) {
        try {
          return await once(request);
        } catch (error) {
          if (!(0,failures/* isTemporary */.ey)(error)) throw error;
          await io.sleep(pause, io.signal).catch(() => {
            throw (0,failures/* interruptedFailure */.rn)();
          });
        }
      }
      return once(request);
    },
  };
}

async function answerIn(response          ) {
  const { ok, status, headers } = response;
  return { ok, status, body: await readLimited(response), ...retryAfter(headers) };
}

async function* textIn({ body }          )                         {
  const decoder = new TextDecoder();
  for await (const chunk of (body ?? [])                             ) yield decoder.decode(chunk, { stream: true });
}

/** In seconds, as the gateway writes it; the other form, a date, is of something in between. */
function retryAfter(headers         )                            {
  const said = headers.get('retry-after') ?? '';
  return /^\d{1,9}$/.test(said) ? { retryAfterMs: Number(said) * 1_000 } : {};
}

async function readLimited({ body }          )                  {
  const read = await readBounded(body                                    , maxAnswerBytes);
  if (!read) throw new Error(`the answer is larger than ${maxAnswerBytes} bytes`);
  return read.toString('utf8');
}

/** Undefined for what is no JSON. */
function parseJson(text        )          {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch failed` says nothing: the reason is in the cause. */
function describe(error         , timeoutMs        )         {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  const cause = error.cause;
  if (cause instanceof Error)
    return ('code' in cause && cause.message === '' ? String(cause.code) : cause.message) || error.message;
  return error.message;
}

function unreachable(url        , reason        )             {
  return new failures/* CliFailure */.Xb({
    code: 'unreachable',
    message: `the gateway at ${url} cannot be reached: ${reason}`,
    next: 'Check --gateway (or SLIPWAY_GATEWAY) and that the gateway runs; `slipway doctor` looks closer.',
    exitCode: outcomes/* otherExitCodes */.PH.unreachable,
    gateway: { temporary: true },
  });
}

;// ./domain/audit-chain.ts
/* unused harmony import specifier */ var canonicalJson;
/* unused harmony import specifier */ var weigh;



/** One thing that happened, and its place in the chain. */
                               
               
              
             
               
              
                                 
            
                   
               
 

/** The end of a chain: all that is needed to continue it, or to tell that its last rows are missing. */
                           
            
               
 

/** sha256 of the text, as 64 hexadecimal characters. Given by the caller: rules compute nothing they could import. */
                                                
/** The same, of whoever has to wait for it: browsers compute it beside the page. */
                                                                  

/** Before the first row. Of the length of a hash, so that no row's text can be mistaken for another's. */
const chainStart           = { n: 0, hash: '0'.repeat(64) };

/** Each kind of login has a chain of its own in each lane, so that none waits for another: `shop/production@build`. */
function chainOf(lane        , kind        )         {
  return kind === '' ? lane : `${lane}@${kind}`;
}

/** Whether a chain is one of that lane. */
function isChainOf(lane        , chain        )          {
  return chain === lane || chain.startsWith(`${lane}@`);
}

/** What nobody of ours writes reads as this: it has another hash than its row says, and is found by that. */
const unreadable          = (/* unused pure expression or super */ null && ({ at: 0, what: 'nothing that Slipway writes', who: '', facts: {} }));

                                                                   

/** What a row says, whatever somebody has put there: no row keeps others from being read and checked. */
function writtenIn(entry         )          {
  if (weigh(entry) !== undefined) return unreadable;
  const { at, what, who, facts } = (entry ?? {})                                           ;
  const isFacts = typeof facts === 'object' && facts !== null && !Array.isArray(facts);
  if (!isDate(at) || typeof what !== 'string' || typeof who !== 'string' || !isFacts) return unreadable;
  return { at, what, who, facts: facts                     };
}

/** Of those that there are: ECMAScript's. */
const isDate = (at         )               => typeof at === 'number' && Math.abs(at) <= 8.64e15;

/** The entry as the row that follows `end`. Facts are taken as JSON writes them, as they are stored in that form. */
function chainEntry(
  end          ,
  entry                                               ,
  hash          ,
)               {
  const row = numbered(end, entry);
  return { ...row, previous: end.hash, hash: hash(textOf(end, row)) };
}

/** What the hash of a row that follows `end` is made of. */
function hashedText(end          , entry                                               )         {
  return textOf(end, numbered(end, entry));
}

function numbered(end          , entry                                               ) {
  const { lane, key, at, what, who } = entry;
  const facts = JSON.parse(JSON.stringify(entry.facts))                           ;
  return { lane, key, at, what, who, facts, n: end.n + 1 };
}

function textOf(end          , row                             )         {
  return end.hash + canonicalJson(row);
}

/** Whether the row is the unchanged successor of `end`. A row after a removed one is not. */
function followsInChain(end          , row              , hash          )          {
  if (row.n !== end.n + 1 || row.previous !== end.hash) return false;
  return chainEntry(end, row, hash).hash === row.hash;
}

;// ./domain/audit-statements.ts
/* unused harmony import specifier */ var audit_statements_isDate;

                                                                       

/** Statements as they were found outside. */
                                  
                         
                                                                                                                              
                 
 

/** One a line, as the gateway sends them. */
function statementsIn(texts                   )                  {
  const lines = linesOf(texts);
  // A log of the gateway has them behind a word.
  const all = lines.map((line) => parsed(line.slice(Math.max(0, line.indexOf('{"statement"'))))).filter(isStatement);
  return { all, unread: lines.length - all.length };
}

function linesOf(texts                   )           {
  return texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
}

function parsed(text        )          {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether it has the form of a row, whatever it says. */
function isRow(value         )                        {
  const row = value                                            ;
  const texts = [row?.lane, row?.key, row?.what, row?.who, row?.previous, row?.hash];
  const isWhole = texts.every((text) => typeof text === 'string') && typeof row?.facts === 'object';
  return isWhole && Number.isInteger(row?.n) && Number.isFinite(row?.at);
}

function isStatement(value         )                           {
  const { statement, keyId, signature } = (value ?? {})                            ;
  return (
    typeof keyId === 'string' &&
    typeof signature === 'string' &&
    Number.isInteger(statement?.n) &&
    audit_statements_isDate(statement?.at) &&
    Array.isArray(statement.ends) &&
    statement.ends.every(isEnd)
  );
}

function isEnd(value         )                   {
  const { lane, n, hash } = (value ?? {})                    ;
  return typeof lane === 'string' && Number.isInteger(n) && typeof hash === 'string';
}

;// ./client/cli/gateway-shapes.ts
                                                                

             
                
                
              
           
     
              
           
              
             
              
                  
                 
                 
               
                                          
                                                                                          
                                                                 
                                                                   
                                                                  
                                                                                          
                                                                                          
                                                                     
                                                                  



/** What the gateway says of itself and of what it depends on; the names are its own. */
                                                               

/** `id` is what gets into commands that people copy: nothing in it means anything to a shell. */
                                                                        
                                               

const rowShape        = {
  releaseId: 'id',
  service: 'string',
  environment: 'string',
  commit: 'string',
  branch: 'string',
  attempt: 'number',
  requestedBy: 'string',
  byItself: 'boolean?',
  startedAt: 'number',
  endedAt: 'number?',
  outcome: 'string?',
  summary: 'string?',
  number: 'number?',
  undoes: 'object?',
};
const undoesShape        = {
  releaseId: 'id',
  number: 'number?',
  nth: 'number?',
  regions: 'array?',
  reason: 'string?',
};
const statusShape        = {
  stage: 'string',
  doing: 'string',
  waitingFor: 'object?',
  planHash: 'id?',
  artifacts: 'array',
  migrations: 'array',
  regions: 'array',
  checks: 'array',
  timings: 'array',
  approvals: 'array',
  warnings: 'array?',
  failure: 'object?',
  log: 'array',
};
const planShape        = {
  service: 'string',
  environment: 'string',
  branch: 'string',
  commit: 'string',
  components: 'array',
  regions: 'array',
  waves: 'array',
  migrations: 'array',
  gates: 'array',
  approval: 'object',
  onFailure: 'object',
  tags: 'array',
  olderThanSchema: 'array?',
};

/*
 * Each of these makes the answer safe to print and checks that it is the kind of thing that was asked for: enough to tell a gateway
 * from something else at that address. They trust no text and no more structure than they check.
 */
function release(value         )              {
  const view = shaped             (value, 'a release', {
    ...rowShape,
    open: 'boolean',
    unknown: 'string?',
    why: 'array',
    troubles: 'array?',
    status: 'object?',
    recorded: 'object?',
  });
  if (view.undoes) shaped(view.undoes, 'a release', undoesShape);
  if (view.recorded)
    shaped(view.recorded, 'a release', { planHash: 'id?', approvals: 'array', changed: 'array', decisions: 'array?' });
  if (view.status) {
    shaped(view.status, 'a release', statusShape);
    for (const region of view.status.regions)
      shaped(region, 'a release', { region: 'string', phase: 'string', components: 'array' });
    for (const entry of view.status.log) shaped(entry, 'a release', { at: 'number', line: 'string' });
    for (const timing of view.status.timings) shaped(timing, 'a release', { stage: 'string', startedAt: 'number' });
  }
  return { ...view, why: lines(view.why), ...(view.troubles && { troubles: lines(view.troubles) }) };
}

function lines(said           )           {
  return said.filter((line) => typeof line === 'string');
}

function list(value         )              {
  const what = 'a list of releases';
  const { releases, next } = shaped             (value, what, { releases: 'array', next: 'id?' });
  const rows = releases.map((row) => shaped            (row, what, { ...rowShape, state: 'object?' }));
  for (const { state, undoes } of rows) {
    if (state) shaped(state, what, { stage: 'string', since: 'number', doing: 'string', waitingFor: 'object?' });
    if (undoes) shaped(undoes, what, undoesShape);
  }
  return { releases: rows, ...(next !== undefined && { next }) };
}

function started(value         )                 {
  const what = 'a started release';
  const told = shaped                (value, what, {
    releaseId: 'id',
    created: 'boolean',
    pageUrl: 'string?',
    temporalUrl: 'string?',
    ended: 'object?',
  });
  if (!told.ended) return told;
  const ended = shaped             (told.ended, what, {
    outcome: 'string',
    summary: 'string?',
    endedAt: 'number?',
    noMore: 'array?',
  });
  return { ...told, ended: { ...ended, ...(ended.noMore && { noMore: lines(ended.noMore) }) } };
}

/** `answer`: absent where a gateway of before says no more than the words. */
                                                                                               

const heard                           = ['taken', 'queued', 'unheard', 'counts'];

function accepted(value         )           {
  const { message = '', ...told } = shaped                        (value, 'an accepted decision', {
    accepted: 'boolean',
    message: 'string?',
    answer: 'string?',
  });
  if (!told.accepted) throw unexpectedAnswer('an accepted decision');
  const answer = heard.find((one) => one === told.answer);
  return { message, ...(answer && { answer }) };
}

function plan(value         )           {
  return shaped(value, 'a plan', planShape);
}

/** `raw` is the plan in it as the gateway gave it: what its hash is made of. */
                                                                            

                                                                                         
                                                  
 

function besidePlan(value         )               {
  const what = 'what was verified last';
  const { approvalNow, policyNow, untold, ...beside } = shaped                (value, what, {
    verified: 'object?',
    untold: 'boolean?',
    approvalNow: 'object?',
    policyNow: 'string?',
  });
  if (approvalNow)
    shaped(approvalNow, what, { required: 'boolean', quorum: 'number', groups: 'array', expiresMs: 'number' });
  const verified = beside.verified ? verifiedPlan(value                         , what) : undefined;
  return {
    verified: verified ?? (untold ? 'untold' : 'nothing'),
    ...(approvalNow && { approvalNow }),
    ...(policyNow && { policyNow }),
  };
}

function verifiedPlan({ verified }                       , what        )                 {
  const { planHash, releaseId, verifiedAt } = shaped              (verified, what, {
    planHash: 'id',
    releaseId: 'id',
    verifiedAt: 'number',
    plan: 'object?',
  });
  const { plan: raw } = verified                      ;
  return { planHash, releaseId, verifiedAt, ...(raw !== undefined && raw !== null && { raw }) };
}

function planCommits(value         )              {
  const what = 'the commits of a plan';
  const told = shaped             (value, what, { commits: 'array', more: 'boolean', untold: 'boolean?' });
  const line        = { commit: 'id', author: 'string', at: 'number', subject: 'string' };
  for (const one of told.commits) shaped(one, what, line);
  return told;
}

function rollbackPreview(value         )                  {
  const what = 'what a rollback would do';
  const preview = shaped                 (value, what, { releaseId: 'id', regions: 'array', refused: 'string?' });
  for (const region of preview.regions) {
    if (region.kind === 'refused') shaped(region, what, { region: 'id', why: 'string', next: 'string' });
    else {
      shaped(region, what, { region: 'id', targets: 'array', newcomers: 'array?' });
      for (const target of region.targets)
        shaped(target, what, { component: 'string', image: 'string', releaseId: 'id', commit: 'string' });
    }
  }
  return preview;
}

function lane(value         )           {
  const view = shaped          (value, 'a lane', {
    service: 'id',
    environment: 'id',
    inventory: 'array',
    leftBehind: 'array?',
    status: 'object?',
    differs: 'array?',
    waysOut: 'array?',
    unheard: 'string?',
    untold: 'string?',
    unseen: 'object?',
    holderEnded: 'object?',
    moreClosures: 'number?',
  });
  const recorded = view.unseen?.recorded;
  if (recorded) shaped(recorded, 'a lane', { waiting: 'array', holder: 'object?', closures: 'array' });
  if (view.status) shaped(view.status, 'a lane', { queue: 'array', holder: 'object?', closures: 'array' });
  for (const closure of (view.status ?? recorded)?.closures ?? [])
    shaped(closure, 'a lane', {
      id: 'id',
      kind: 'string',
      by: 'string',
      reason: 'string',
      from: 'number',
      unprovenKey: 'string?',
    });
  for (const left of view.leftBehind ?? [])
    shaped(left, 'a lane', { region: 'string', component: 'string', image: 'string?', releaseId: 'id' });
  const row        = { region: 'string', component: 'string', image: 'string', artifact: 'object', planHash: 'id' };
  for (const verified of view.inventory) shaped(verified, 'a lane', row);
  return {
    ...view,
    ...(view.differs && { differs: lines(view.differs) }),
    ...(view.waysOut && { waysOut: lines(view.waysOut) }),
  };
}

function loginOffered(value         )               {
  const { oidc } = shaped              (value, 'where people log in', {});
  if (oidc) shaped(oidc, 'where people log in', { issuer: 'string', clientId: 'string', scopes: 'string' });
  // Nobody has a browser here.
  return oidc ? { oidc } : {};
}

/** Older gateways do not say what somebody may do. */
                                                                        

function me(value         )           {
  const said = shaped          (value, 'who you are', {
    id: 'string',
    via: 'string',
    groups: 'array',
    grants: 'array?',
  });
  for (const grant of said.grants ?? []) {
    const { may } = shaped            (grant, 'who you are', {
      service: 'string',
      environment: 'string',
      may: 'array',
    });
    if (lines(may).length < may.length) throw unexpectedAnswer('who you are');
  }
  return said;
}

const tokenShape        = {
  name: 'id',
  person: 'string',
  rights: 'array',
  services: 'array',
  environments: 'array',
  createdBy: 'string',
  createdAt: 'number',
  expiresAt: 'number',
  state: 'string',
  revokedBy: 'string?',
};

function tokenView(value         )            {
  const view = shaped           (value, 'a token', tokenShape);
  for (const names of [view.rights, view.services, view.environments])
    if (lines([...names]).length < names.length) throw unexpectedAnswer('a token');
  return view;
}

function tokenCreated(value         )               {
  const { secret } = shaped              (value, 'a token', { secret: 'id' });
  return { ...tokenView(value), secret };
}

function tokenList(value         )            {
  const { tokens } = shaped           (value, 'a list of tokens', { tokens: 'array' });
  return { tokens: tokens.map(tokenView) };
}

const notificationShape        = {
  id: 'number',
  key: 'string',
  target: 'string',
  run: 'id',
  event: 'string',
  level: 'string',
  title: 'string',
  state: 'string',
  tries: 'number',
  madeAt: 'number',
  nextAt: 'number?',
  why: 'string?',
};

function notification(value         )                   {
  return shaped(value, 'a notification', notificationShape);
}

function notificationList(value         )                   {
  const shape        = { notifications: 'array', more: 'boolean?' };
  const { notifications, more } = shaped                  (value, 'a list of notifications', shape);
  return { notifications: notifications.map(notification), ...(more && { more }) };
}

function insights(value         )           {
  const what = 'how releases went';
  const found = shaped          (value, what, {
    ...{ since: 'number', until: 'number', lookedAt: 'number', services: 'number', counted: 'string' },
    ...{ service: 'string?', environment: 'string?', targets: 'array', weeks: 'array', dora: 'object' },
    ...{ steps: 'array', approvals: 'object', troubles: 'array', moreTroubles: 'number?' },
  });
  for (const one of found.targets)
    shaped               (one, what, { name: 'string', state: 'string', limitMs: 'number', count: 'number' });
  for (const one of ['deployments', 'leadTime', 'failed', 'restore']         )
    shaped(found.dora[one], what, { count: 'number', weeks: 'array' });
  shaped(found.approvals, what, { count: 'number', buckets: 'array' });
  for (const one of found.steps)
    shaped(one, what, { kind: 'string', name: 'string', medianMs: 'number', mostMs: 'number' });
  for (const one of found.troubles)
    shaped         (one, what, { releaseId: 'id', at: 'number', cause: 'string', ended: 'string', regions: 'array' });
  return found;
}

function health(value         )         {
  return shaped(value, 'its health', { ok: 'boolean' });
}

                             
                            
                                                                        
                           
 

function engine(value         )             {
  const what = 'the versions of the engine';
  const { versions, queues = [] } = shaped                                             (value, what, {
    versions: 'array',
    queues: 'array?',
  });
  const version        = {
    buildId: 'id',
    current: 'boolean',
    polled: 'boolean',
    pinned: 'number',
    untried: 'boolean?',
  };
  const queue        = { role: 'id', queue: 'id', polled: 'boolean' };
  return {
    versions: versions.map((one) => shaped               (one, what, version)),
    queues: queues.map((one) => shaped                (one, 'the queues of the engine', queue)),
  };
}

/** As they came: the names are asked for again, and printed only in one line. */
function laneEnds(value         )            {
  const { lanes } = (value ?? {})                       ;
  if (!Array.isArray(lanes) || !lanes.every(isLaneEnd)) throw unexpectedAnswer('the lanes of the audit');
  return lanes;
}

function isLaneEnd(value         )                   {
  const { lane, n } = (value ?? {})                    ;
  return typeof lane === 'string' && Number.isInteger(n);
}

/** As they came: a hash is made of every character, also of those that no terminal should get. */
function auditRows(value         )                 {
  const { rows } = (value ?? {})                      ;
  if (!Array.isArray(rows) || !rows.every(isRow)) throw unexpectedAnswer('the rows of the audit');
  return rows;
}

function shaped                  (value         , what        , shape       )    {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpectedAnswer(what);
  const safe = (0,safe_text/* safeJson */.oi)(value)                           ;
  for (const [name, wanted] of Object.entries(shape)) {
    if (wanted.endsWith('?') && safe[name] === undefined) continue;
    if (!isKind(safe[name], wanted.replace('?', '')))
      throw unexpectedAnswer(`${what}: \`${name}\` is missing or of another kind`);
  }
  return safe     ;
}

function isKind(value         , kind        )          {
  if (kind === 'array') return Array.isArray(value);
  if (kind === 'id') return typeof value === 'string' && /^[\w.:/@+-]+$/.test(value);
  return typeof value === kind && !Array.isArray(value);
}

;// ./client/cli/gateway-client.ts
             
         
           
              
           
              
              
                  
                 
               
                
                                          
                                                                
                                                                  
                                                                 
                                                              
                                                                   
                                                                                          
                                                                                                       
                                                


                                                               

                                  
                                                               

                          
                
                   
                       
                  
                  
                  
                 
              
                   
                 
  

/** How a release stands, or why that cannot be seen at present. */
                                            

/** `id`: whoever has seen that need not see it again. */
                            
             
              
 

/** What is ordered of a lane, with a reason. */
                                                                               

/**
 * The gateway's API, typed. Everything returned is safe to print, except what is called `raw`. Each call gives up after 30 s without an answer
 * (a gateway may itself wait 8 s for a worker, and machines have other work too); reads, and posts that carry a key of their own, are tried three times. Throws GatewayFailure, or the interrupted CliFailure after Ctrl-C.
 */
                                
              
                                                        
                                                                                         
                                                 
                                                   
                                                                                                                                                      
                                                                                                   
                                                                 
                                                                                    
                                                                
                                                                                                                                  
                                                                      
                                                  
                                                                
                                                            
                                                                                  
                                        
                                        
                                                                                                  
                                                                                         
             
                 
                       
                   
                                                               
                       
                                                                                  
                                            
                                                       
                                 
                          
                                                         
                               
                                                
                                                                   
                                                                                  
                                          
                                                   
                                                                
                                  
                                                                                             
                                                                             
                            
                                                                    
                                   
                                                                            
                                
 

                         
              
                 
                                   
                     
                                     
 

function createGatewayClient(options               )                {
  const http = createGatewayHttp(options);
  const get = (path        ) => http.send({ method: 'GET', path, repeatable: true });
  const post = (path        , body         , repeatable         ) =>
    http.send({ method: 'POST', path, body, repeatable });

  return {
    url: options.url,
    start: async (request) => started(await post('/v1/releases', request, true)),
    list: async (filter) => list(await get(`/v1/releases?${query(filter)}`)),
    release: async (releaseId) => release(await get(`/v1/releases/${encode(releaseId)}`)),
    async *events(releaseId, from) {
      const path = `/v1/releases/${encode(releaseId)}/events`;
      for await (const one of http.events({ path, ...from })) {
        if (one === 'open') yield one;
        else yield* seenIn(options.url, path, one);
      }
    },
    decide: async (releaseId, decision) =>
      accepted(await post(`/v1/releases/${encode(releaseId)}/decisions`, decision, true)),
    plan: async (hash) => {
      const raw = await get(`/v1/plans/${encode(hash)}`);
      return { plan: plan(raw), raw };
    },
    verifiedBeside: async (hash, release) =>
      besidePlan(
        await get(`/v1/plans/${encode(hash)}/verified${release === undefined ? '' : `?${query({ release })}`}`),
      ),
    commitsOf: async (hash, release) =>
      planCommits(
        await get(`/v1/plans/${encode(hash)}/commits${release === undefined ? '' : `?${query({ release })}`}`),
      ),
    rollBack: async (request) => started(await post('/v1/rollbacks', request, true)),
    previewRollback: async (release, regions) => {
      const search = new URLSearchParams({ release });
      for (const region of regions) search.append('region', region);
      return rollbackPreview(await get(`/v1/rollbacks/preview?${search.toString()}`));
    },
    lane: async (key) => lane(await get(lanePath(key))),
    insights: async (filter) => insights(await get(`/v1/insights?${query(filter)}`)),
    // Carries no key of its own: sent once, so that a repeat cannot undo what somebody else decided in between.
    changeLane: async (key, change, reason, details) =>
      lane(await post(`${lanePath(key)}/${change}`, { reason, ...details }, false)),
    tellLane: async (key) => lane(await post(`${lanePath(key)}/tell`, {}, true)),
    auditEnds: async () => laneEnds(await get('/v1/audit')),
    auditRows: async (name, after) => {
      const from = after === 'newest' ? { newest: 'true', limit: 50 } : { after, limit: 500 };
      return auditRows(await get(`/v1/audit/rows?${query({ lane: name, ...from })}`));
    },
    // Not repeated: each would be another one, and of the first nobody would know.
    createToken: async (asked) => tokenCreated(await post('/v1/tokens', asked, false)),
    tokens: async () => tokenList(await get('/v1/tokens')),
    revokeToken: async (name) => tokenView(await post(`/v1/tokens/${encode(name)}/revoke`, {}, true)),
    notifications: async (filter) => notificationList(await get(`/v1/notifications?${query(filter)}`)),
    tellAgain: async (id) => notification(await post(`/v1/notifications/${id}/again`, {}, true)),
    login: async () => loginOffered(await get('/v1/login')),
    me: async () => me(await get('/v1/me')),
    engine: async () => engine(await get('/v1/engine')),
    // Gateways before /v1/health answered 503 here, with what is wrong in the body.
    health: async () =>
      health(await http.send({ method: 'GET', path: '/healthz', repeatable: false, alsoAnswers: [503] })),
    healthInWords: async () => health(await get('/v1/health')),
  };
}

const encode = encodeURIComponent;

function seenIn(url        , path        , { event, data, id }                 )              {
  const parsed = parseJson(data);
  if (event === 'release') return [{ seen: release(parsed), ...(id !== undefined && { id }) }];
  if (event !== 'trouble') return [];
  const request = { method: 'GET', path, repeatable: true }         ;
  return [{ seen: failureOfAnswer({ url, request, answer: { status: 503, body: data }, parsed }) }];
}

function lanePath({ service, environment }         )         {
  return `/v1/lanes/${encode(service)}/${encode(environment)}`;
}

function query(filter                                                       )         {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) if (value !== undefined) search.set(key, String(value));
  return search.toString();
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__("node:crypto");
;// ./client/github-action/call-off.ts



                                                              
                                       
                                          

                     
                 
                                                             
                                
                                                           
                                                                         
                        
 

/** The runner asks to end, and ends what has not 7.5 s later. */
const longestMs = 4_000;

/** What becomes of the release of a job that was cancelled, in words, and whether it goes on as far as is known. */
async function callOff({
  inputs,
  releaseId,
  startAgain,
  io,
}           )                                                {
  const { onCancel, abortToken, gateway: url } = inputs;
  if (onCancel === 'detach' || abortToken === undefined) return { becomes: 'the release goes on', goesOn: true };
  const inTime = { signal: AbortSignal.timeout(longestMs), sleep: io.sleep };
  const gateway = createGatewayClient({ url, token: abortToken, io: inTime, timeoutMs: longestMs });
  try {
    return { becomes: await abort(gateway, releaseId ?? (await startAgain(inTime))), goesOn: false };
  } catch (error) {
    if (!(error instanceof failures/* CliFailure */.Xb)) throw error;
    const why = error.details.code === 'interrupted' ? `nobody answered within ${longestMs / 1_000} s` : error.message;
    return { becomes: `it could not be aborted: ${why}. The release may go on`, goesOn: true };
  }
}

async function abort(gateway               , releaseId        )                  {
  const { message } = await gateway.decide(releaseId, {
    decisionId: (0,external_node_crypto_.randomUUID)(),
    kind: 'abort',
    channel: 'github-action',
    reason: 'the job of GitHub Actions was cancelled',
  });
  return `it was told to abort: ${message}`;
}

;// ./client/github-action/id-token.ts


                                       


                    
                                          
                   
                                           
                                 
 

/** GitHub's are good for five minutes. */
const goodForMs = 2 * 60_000;
const id_token_pausesMs = [500, 2_000];
const timeoutMs = 15_000;

/** Tokens that GitHub signs for this job: the same one for a while, and then another. Throws CliFailure. */
function idTokens({ env, audience, io, mask }          )                        {
  let kept                                              ;
  const asked = whereToAsk(env, audience);
  const ask = async ()                  => {
    const response = await fetch(asked.url, {
      headers: { accept: 'application/json', authorization: `Bearer ${asked.secret}` },
      redirect: 'error',
      signal: AbortSignal.any([io.signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const { value } = (parseJson(await response.text()) ?? {})                       ;
    if (typeof value !== 'string' || !/^[\x21-\x7e]{1,20000}$/.test(value))
      throw new Error('it answered with no token');
    return value;
  };
  const fresh = async ()                  => {
    for (const pause of [...id_token_pausesMs, undefined]) {
      try {
        return await ask();
      } catch (error) {
        if (io.signal.aborted) throw (0,failures/* interruptedFailure */.rn)();
        if (pause === undefined) throw noToken(error);
        await io.sleep(pause, io.signal).catch(() => {
          throw (0,failures/* interruptedFailure */.rn)();
        });
      }
    }
    throw new Error('not reached');
  };
  return async () => {
    if (kept && io.now() < kept.until) return kept.token;
    const token = await fresh();
    mask(token);
    kept = { token, until: io.now() + goodForMs };
    return token;
  };
}

function whereToAsk(env                 , audience        )                               {
  const url = URL.parse(env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  const secret = env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
  if (!url || !secret)
    throw new failures/* CliFailure */.Xb({
      code: 'no-id-token',
      message: 'GitHub signs no token for this job',
      next: 'Give the job `permissions: { id-token: write, contents: read }`. Jobs of pull requests from forks get none.',
      exitCode: outcomes/* otherExitCodes */.PH.usage,
    });
  url.searchParams.set('audience', audience);
  return { url, secret };
}

function noToken(error         )             {
  const why = error instanceof Error ? error.message : String(error);
  return new failures/* CliFailure */.Xb({
    code: 'no-id-token',
    message: `GitHub was asked for a token of this job, and gave none: ${why}`,
    next: 'Run the job again; https://www.githubstatus.com says whether Actions are well.',
    exitCode: outcomes/* otherExitCodes */.PH.unreachable,
    // Whoever follows a release waits for it as for a gateway that is away.
    gateway: { temporary: true },
  });
}

;// ./client/github-action/in-a-job.ts



                                          

/** What to do about it where nobody sits at a command line: the words of the command name options that a step has not. */
function inAJob(error         , { gateway, audience, request }        , repositoryId        )             {
  if (!(error instanceof failures/* CliFailure */.Xb)) return unexpected(error);
  const next = nextHere(error, { gateway, audience, service: request.service, repositoryId });
  return next === undefined ? error : (0,failures/* amended */.P3)(error, { next });
}

                 
                  
                   
                  
                       
 

function nextHere(failure            , { gateway, audience, service, repositoryId }       )                     {
  const { code, next } = failure.details;
  if (code === 'unreachable')
    return `Check the input \`gateway\`, and that this runner reaches it. Whatever was started goes on; a job that is run again finds it.`;
  if (code === 'not-a-gateway' || code === 'unexpected-answer')
    return `Check that the input \`gateway\` (${gateway}) is the address of a slipway gateway, of a version that fits this action.`;
  if (code === 'older-commit')
    return 'Release a commit that has it in its past. Where going back is what you want: `slipway rollback`, or `downgrade: true`, of which the plan tells whoever approves it.';
  if (code === 'asked-otherwise')
    return 'Ask for the same to follow it, or start the workflow anew with `new-attempt: true` to have your own.';
  if (!(0,failures/* isGatewayFailure */.jD)(failure)) return undefined;
  const { status } = failure.details.gateway;
  if (status === 400) return 'Correct the input that the message names.';
  if (status === 401)
    return `The gateway takes tokens that are made for its SLIPWAY_GITHUB_AUDIENCE, and none where that is not set: this one was made for ${audience}. The input \`audience\` must be the same.`;
  // Who has said nothing better: the gateway names no environments of GitHub to whoever is in another.
  if (status === 403 && next === askWhoMay)
    return `A job may release its own commit from its own branch. Where the policy names an environment of GitHub (\`services.${service}.environments.E.github\`), the job must have it: \`environment: …\` beside its \`runs-on\`. Whose jobs may at all, \`access\` of the policy says.`;
  if (status === 404)
    return `Check the inputs \`service\` and \`environment\`. The operator lets the repository with the number ${repositoryId} release it: \`services.${service}.github.repository\` of the policy.`;
  if (status === 429) return 'Nothing more was done. Run the job again in a minute.';
  return undefined;
}

function unexpected(error         )             {
  return new failures/* CliFailure */.Xb({
    code: 'unexpected',
    message: `unexpected: ${error instanceof Error ? error.message : String(error)}`,
    next: 'This is a defect of slipway. A release that was started goes on; `slipway releases` lists it.',
    // Never 1: that would say that a release failed.
    exitCode: outcomes/* otherExitCodes */.PH.unreachable,
  });
}

;// ./domain/images.ts
                                                                 

const pinned = /^(?<repository>[^@\s]+)@(?<digest>sha256:[0-9a-f]{64})$/;

/** Takes `host/repository@sha256:…` apart; throws on anything else, because nothing else may be deployed. */
function parsePinnedImage(image             )                                         {
  const groups = pinned.exec(image)?.groups;
  if (!groups) throw new TypeError(`${JSON.stringify(image)} is not an image pinned by digest`);
  return { repository: groups['repository'] , digest: groups['digest']  };
}

function isPinnedImage(image        )          {
  return pinned.test(image);
}

/** The digest of an image or of a pod's `imageID`, which some runtimes write as `docker-pullable://repo@sha256:…`. */
function digestOf(image        )                     {
  return /sha256:[0-9a-f]{64}$/.exec(image)?.[0];
}

/** Twelve characters are enough for people to compare. */
function shortDigest(image        )         {
  return (digestOf(image) ?? image).replace('sha256:', '').slice(0, 12);
}

/** What a pod runs, for people: each of its images once. Which version that is, is said so of one that is put back as well. */
function shortDigests(images                        )         {
  return [...new Set(Object.values(images).map(shortDigest))].join(' and ');
}

/**
 * Whether a pinned image lies in one of the places, each `host[:port][/prefix]`, compared by whole path segments: `ghcr.io/acme` holds
 * `ghcr.io/acme/x`, not `ghcr.io/acme-evil/x`. Hosts are compared as they are written. False for what is not pinned, and for names that a
 * URL would read otherwise (`..`).
 */
function comesFrom(image             , sources                   )          {
  const name = pinned.exec(image)?.groups?.['repository'] ?? '';
  const plain = name.split('/').every((segment) => /^[A-Za-z0-9][\w.:-]*$/.test(segment));
  return plain && sources.some((source) => source !== '' && name.startsWith(`${source}/`));
}

/** The registry that an image, or where images lie, is named with: `host[:port]`. */
function registryHost(name        )         {
  const [host = ''] = name.split('/', 1);
  return host;
}

/** What an image is called, without tag and digest. */
function withoutVersion(image        )         {
  const [named = ''] = image.split('@', 1);
  const colon = named.lastIndexOf(':');
  return colon > named.lastIndexOf('/') ? named.slice(0, colon) : named;
}

;// ./client/github-action/inputs.ts
                                                                     



                                              

                         
                                    
                  
                                                    
                   
                        
             
                     
                                                          
                      
 

const waits = ['none', 'gates', 'end']         ;
                                          
const onCancels = ['detach', 'abort']         ;
                                                  

/** Something that is not as it must be, and what to do about it. */
                          
               
               
 

/** All inputs, or all that is wrong with them: nobody should have to run a job for each. */
function readInputs(env     )                     {
  const problems            = [];
  const checked =        (read             )        => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof NotAsItMustBe)) throw error;
      problems.push(...error.problems);
      // Nobody sees it: there are problems.
      return undefined         ;
    }
  };
  const gateway = checked(() => gatewayIn(env));
  const environment = checked(() => nameIn(env, 'environment'));
  const images = checked(() => imagesIn(env));
  const wait = checked(() => oneOf(env, 'wait', waits));
  const onCancel = checked(() => oneOf(env, 'on-cancel', onCancels));
  const abortToken = checked(() => abortTokenIn(env, onCancel));
  const inputs = {
    gateway,
    audience: checked(() => audienceIn(env, gateway)),
    request: {
      service: checked(() => serviceIn(env)),
      branch: checked(() => branchIn(env)),
      commit: checked(() => commitIn(env)),
      requestKey: checked(() => requestKeyIn(env)),
      ...(environment !== undefined && { environment }),
      ...(images !== undefined && { images }),
      ...(checked(() => flagIn(env, 'downgrade')) && { downgrade: true }),
      ...(checked(() => flagIn(env, 'new-attempt')) && { newAttempt: true }),
    },
    wait,
    onCancel,
    ...(abortToken !== undefined && { abortToken }),
  };
  return problems.length > 0 ? problems : inputs;
}

class NotAsItMustBe extends Error {
           problems           ;

  constructor(problems           ) {
    super(problems.map(({ what }) => what).join('; '));
    this.problems = problems;
  }
}

function wrong(what        , next        )                {
  return new NotAsItMustBe([{ what, next }]);
}

/** As the runner hands it on; undefined where nothing was given. */
function input(env     , name        )                     {
  return env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined;
}

/** What was given, so that it can be found. */
function shown(text        )         {
  return JSON.stringify(text.length > 100 ? `${(0,whole_text/* head */.d5)(text, 100)}…` : text);
}

const longestText = 2_000;

function gatewayIn(env     )         {
  const text = input(env, 'gateway');
  const next = 'Give the address of the gateway: `gateway: https://slipway.example.com`.';
  if (text === undefined) throw wrong('the input `gateway` is missing', next);
  const url = text.length > longestText ? null : URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw wrong(`gateway: ${shown(text)} is no https address`, next);
  if (url.username || url.password) throw wrong('gateway: the address must not hold credentials', next);
  if (url.protocol === 'http:' && !loopback.has(url.hostname))
    throw wrong('gateway: http lets whoever is on the way read the token', next);
  return `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, '')}`;
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

function audienceIn(env     , gateway                    )         {
  const text = input(env, 'audience') ?? gateway ?? '';
  if (text.length <= longestText && /^\P{Cc}*$/u.test(text)) return text;
  throw wrong(`audience: ${shown(text)} is no audience`, 'Give what SLIPWAY_GITHUB_AUDIENCE of the gateway is.');
}

function serviceIn(env     )         {
  const service = nameIn(env, 'service');
  if (service === undefined) throw wrong('the input `service` is missing', 'Name what is released: `service: shop`.');
  return service;
}

function nameIn(env     , name        )                     {
  const text = input(env, name);
  if (text === undefined || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw wrong(
    `${name}: ${shown(text)} is no name`,
    'Write it as slipway.yaml has it: lower-case letters, digits and dashes.',
  );
}

/** The token of a job is good for its own branch alone: there is no input for another. */
function branchIn(env     )         {
  const ref = env['GITHUB_REF'] ?? '';
  const branch = /^refs\/heads\/(\P{Cc}{1,255})$/u.exec(ref)?.[1];
  if (branch !== undefined) return branch;
  throw wrong(
    `this job runs on ${ref === '' ? 'no ref' : shown(ref)}, which is no branch`,
    'Let the workflow run on pushes to the branch (`on: { push: { branches: [main] } }`), or by hand on it.',
  );
}

function commitIn(env     )         {
  const text = input(env, 'commit') ?? env['GITHUB_SHA'] ?? '';
  if (/^[0-9a-f]{40}$/.test(text)) return text;
  throw wrong(
    `commit: ${shown(text)} is not a full commit`,
    'Leave it out, or give all 40 hexadecimal characters of it.',
  );
}

/** A job that is run again asks for what it has asked for before, and gets the same release. */
function requestKeyIn(env     )         {
  const [repository, run] = [env['GITHUB_REPOSITORY_ID'] ?? '', env['GITHUB_RUN_ID'] ?? ''];
  if (/^\d{1,20}$/.test(repository) && /^\d{1,20}$/.test(run)) return `github/${repository}/${run}`;
  throw wrong(
    'GITHUB_REPOSITORY_ID and GITHUB_RUN_ID do not name a run of GitHub Actions',
    'Use it as a step of a workflow; elsewhere use the command `slipway deploy`.',
  );
}

const mostImages = 200;

/** `core=IMAGE` or, as YAML has it, `core: IMAGE`: one on a line. */
function imagesIn(env     )                                     {
  const lines = (input(env, 'images') ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) return undefined;
  if (lines.length > mostImages) throw wrong(`images: there are ${lines.length}`, `Name at most ${mostImages}.`);
  const images = new Map                ();
  const problems            = [];
  for (const line of lines) {
    const [, component, image = ''] = /^([a-z0-9-]{1,63})(?:=|: +)(\S+)$/.exec(line) ?? [];
    const pinned = image.replace(/^(["'])(.*)\1$/, '$2');
    if (component === undefined || !isPinnedImage(pinned))
      problems.push({
        what: `images: ${shown(line)} is not COMPONENT=IMAGE@sha256:…`,
        next: 'One on a line, pinned by its digest: tags move.',
      });
    else if (images.has(component))
      problems.push({ what: `images: ${component} is there twice`, next: 'Name each component once.' });
    else images.set(component, pinned);
  }
  if (problems.length > 0) throw new NotAsItMustBe(problems);
  return Object.fromEntries(images);
}

function flagIn(env     , name        )          {
  const text = input(env, name) ?? 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw wrong(`${name}: ${shown(text)} is neither true nor false`, `Write \`${name}: true\`, or leave it out.`);
}

function oneOf                      (env     , name        , values                              )        {
  const text = input(env, name);
  if (text === undefined) return values[0];
  const known = values.find((value) => value === text);
  if (known === undefined) throw wrong(`${name}: there is no ${shown(text)}`, `Write ${values.join(' or ')}.`);
  return known;
}

function abortTokenIn(env     , onCancel                      )                     {
  const text = input(env, 'abort-token');
  if (text === undefined && onCancel === 'abort')
    throw wrong(
      'on-cancel: abort needs the input `abort-token`',
      'A job may start and look, and not decide: give a token of somebody who may, from a secret.',
    );
  if (text === undefined || (text.length <= longestText && /^[\x21-\x7e]+$/.test(text))) return text;
  // Never shown.
  throw wrong('abort-token: this is no token', 'Give it as it was made, from a secret.');
}

;// external "node:fs/promises"

;// external "node:path"

;// ./node_modules/commander/lib/error.js
/**
 * CommanderError class
 */
class CommanderError extends Error {
  /**
   * Constructs the CommanderError class
   * @param {number} exitCode suggested exit code which could be used with process.exit
   * @param {string} code an id string representing the error
   * @param {string} message human-readable description of the error
   */
  constructor(exitCode, code, message) {
    super(message);
    // properly capture stack trace in Node.js
    Error.captureStackTrace(this, this.constructor);
    this.name = this.constructor.name;
    this.code = code;
    this.exitCode = exitCode;
    this.nestedError = undefined;
  }
}

/**
 * InvalidArgumentError class
 */
class InvalidArgumentError extends CommanderError {
  /**
   * Constructs the InvalidArgumentError class
   * @param {string} [message] explanation of why argument is invalid
   */
  constructor(message) {
    super(1, 'commander.invalidArgument', message);
    // properly capture stack trace in Node.js
    Error.captureStackTrace(this, this.constructor);
    this.name = this.constructor.name;
  }
}

;// ./node_modules/commander/lib/argument.js


class Argument {
  /**
   * Initialize a new command argument with the given name and description.
   * The default is that the argument is required, and you can explicitly
   * indicate this with <> around the name. Put [] around the name for an optional argument.
   *
   * @param {string} name
   * @param {string} [description]
   */

  constructor(name, description) {
    this.description = description || '';
    this.variadic = false;
    this.parseArg = undefined;
    this.defaultValue = undefined;
    this.defaultValueDescription = undefined;
    this.argChoices = undefined;

    switch (name[0]) {
      case '<': // e.g. <required>
        this.required = true;
        this._name = name.slice(1, -1);
        break;
      case '[': // e.g. [optional]
        this.required = false;
        this._name = name.slice(1, -1);
        break;
      default:
        this.required = true;
        this._name = name;
        break;
    }

    if (this._name.endsWith('...')) {
      this.variadic = true;
      this._name = this._name.slice(0, -3);
    }
  }

  /**
   * Return argument name.
   *
   * @return {string}
   */

  name() {
    return this._name;
  }

  /**
   * @package
   */

  _collectValue(value, previous) {
    if (previous === this.defaultValue || !Array.isArray(previous)) {
      return [value];
    }

    previous.push(value);
    return previous;
  }

  /**
   * Set the default value, and optionally supply the description to be displayed in the help.
   *
   * @param {*} value
   * @param {string} [description]
   * @return {Argument}
   */

  default(value, description) {
    this.defaultValue = value;
    this.defaultValueDescription = description;
    return this;
  }

  /**
   * Set the custom handler for processing CLI command arguments into argument values.
   *
   * @param {Function} [fn]
   * @return {Argument}
   */

  argParser(fn) {
    this.parseArg = fn;
    return this;
  }

  /**
   * Only allow argument value to be one of choices.
   *
   * @param {string[]} values
   * @return {Argument}
   */

  choices(values) {
    this.argChoices = values.slice();
    this.parseArg = (arg, previous) => {
      if (!this.argChoices.includes(arg)) {
        throw new InvalidArgumentError(
          `Allowed choices are ${this.argChoices.join(', ')}.`,
        );
      }
      if (this.variadic) {
        return this._collectValue(arg, previous);
      }
      return arg;
    };
    return this;
  }

  /**
   * Make argument required.
   *
   * @returns {Argument}
   */
  argRequired() {
    this.required = true;
    return this;
  }

  /**
   * Make argument optional.
   *
   * @returns {Argument}
   */
  argOptional() {
    this.required = false;
    return this;
  }
}

/**
 * Takes an argument and returns its human readable equivalent for help usage.
 *
 * @param {Argument} arg
 * @return {string}
 * @private
 */

function humanReadableArgName(arg) {
  const nameOutput = arg.name() + (arg.variadic === true ? '...' : '');

  return arg.required ? '<' + nameOutput + '>' : '[' + nameOutput + ']';
}

;// external "node:events"

;// external "node:child_process"

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__("node:fs");
;// external "node:process"

;// external "node:util"

;// ./node_modules/commander/lib/help.js



/**
 * TypeScript import types for JSDoc, used by Visual Studio Code IntelliSense and `npm run typescript-checkJS`
 * https://www.typescriptlang.org/docs/handbook/jsdoc-supported-types.html#import-types
 * @typedef { import("./argument.js").Argument } Argument
 * @typedef { import("./command.js").Command } Command
 * @typedef { import("./option.js").Option } Option
 */

// Although this is a class, methods are static in style to allow override using subclass or just functions.
class Help {
  constructor() {
    this.helpWidth = undefined;
    this.minWidthToWrap = 40;
    this.sortSubcommands = false;
    this.sortOptions = false;
    this.showGlobalOptions = false;
  }

  /**
   * prepareContext is called by Commander after applying overrides from `Command.configureHelp()`
   * and just before calling `formatHelp()`.
   *
   * Commander just uses the helpWidth and the rest is provided for optional use by more complex subclasses.
   *
   * @param {{ error?: boolean, helpWidth?: number, outputHasColors?: boolean }} contextOptions
   */
  prepareContext(contextOptions) {
    this.helpWidth = this.helpWidth ?? contextOptions.helpWidth ?? 80;
  }

  /**
   * Get an array of the visible subcommands. Includes a placeholder for the implicit help command, if there is one.
   *
   * @param {Command} cmd
   * @returns {Command[]}
   */

  visibleCommands(cmd) {
    const visibleCommands = cmd.commands.filter((cmd) => !cmd._hidden);
    const helpCommand = cmd._getHelpCommand();
    if (helpCommand && !helpCommand._hidden) {
      visibleCommands.push(helpCommand);
    }
    if (this.sortSubcommands) {
      visibleCommands.sort((a, b) => {
        // @ts-ignore: because overloaded return type
        return a.name().localeCompare(b.name());
      });
    }
    return visibleCommands;
  }

  /**
   * Compare options for sort.
   *
   * @param {Option} a
   * @param {Option} b
   * @returns {number}
   */
  compareOptions(a, b) {
    const getSortKey = (option) => {
      // WYSIWYG for order displayed in help. Short used for comparison if present. No special handling for negated.
      return option.short
        ? option.short.replace(/^-/, '')
        : option.long.replace(/^--/, '');
    };
    return getSortKey(a).localeCompare(getSortKey(b));
  }

  /**
   * Get an array of the visible options. Includes a placeholder for the implicit help option, if there is one.
   *
   * @param {Command} cmd
   * @returns {Option[]}
   */

  visibleOptions(cmd) {
    const visibleOptions = cmd.options.filter((option) => !option.hidden);
    // Built-in help option.
    const helpOption = cmd._getHelpOption();
    if (helpOption && !helpOption.hidden) {
      // Automatically hide conflicting flags. Bit dubious but a historical behaviour that is convenient for single-command programs.
      const removeShort = helpOption.short && cmd._findOption(helpOption.short);
      const removeLong = helpOption.long && cmd._findOption(helpOption.long);
      if (!removeShort && !removeLong) {
        visibleOptions.push(helpOption); // no changes needed
      } else if (helpOption.long && !removeLong) {
        visibleOptions.push(
          cmd
            .createOption(helpOption.long, helpOption.description)
            .helpGroup(helpOption.helpGroupHeading),
        );
      } else if (helpOption.short && !removeShort) {
        visibleOptions.push(
          cmd
            .createOption(helpOption.short, helpOption.description)
            .helpGroup(helpOption.helpGroupHeading),
        );
      }
    }
    if (this.sortOptions) {
      visibleOptions.sort(this.compareOptions);
    }
    return visibleOptions;
  }

  /**
   * Get an array of the visible global options. (Not including help.)
   *
   * @param {Command} cmd
   * @returns {Option[]}
   */

  visibleGlobalOptions(cmd) {
    if (!this.showGlobalOptions) return [];

    const globalOptions = [];
    for (
      let ancestorCmd = cmd.parent;
      ancestorCmd;
      ancestorCmd = ancestorCmd.parent
    ) {
      const visibleOptions = ancestorCmd.options.filter(
        (option) => !option.hidden,
      );
      globalOptions.push(...visibleOptions);
    }
    if (this.sortOptions) {
      globalOptions.sort(this.compareOptions);
    }
    return globalOptions;
  }

  /**
   * Get an array of the arguments if any have a description.
   *
   * @param {Command} cmd
   * @returns {Argument[]}
   */

  visibleArguments(cmd) {
    // Side effect! Apply the legacy descriptions before the arguments are displayed.
    if (cmd._argsDescription) {
      cmd.registeredArguments.forEach((argument) => {
        argument.description =
          argument.description || cmd._argsDescription[argument.name()] || '';
      });
    }

    // If there are any arguments with a description then return all the arguments.
    if (cmd.registeredArguments.find((argument) => argument.description)) {
      return cmd.registeredArguments;
    }
    return [];
  }

  /**
   * Get the command term to show in the list of subcommands.
   *
   * @param {Command} cmd
   * @returns {string}
   */

  subcommandTerm(cmd) {
    // Legacy. Ignores custom usage string, and nested commands.
    const args = cmd.registeredArguments
      .map((arg) => humanReadableArgName(arg))
      .join(' ');
    return (
      cmd._name +
      (cmd._aliases[0] ? '|' + cmd._aliases[0] : '') +
      (cmd.options.length ? ' [options]' : '') + // simplistic check for non-help option
      (args ? ' ' + args : '')
    );
  }

  /**
   * Get the option term to show in the list of options.
   *
   * @param {Option} option
   * @returns {string}
   */

  optionTerm(option) {
    return option.flags;
  }

  /**
   * Get the argument term to show in the list of arguments.
   *
   * @param {Argument} argument
   * @returns {string}
   */

  argumentTerm(argument) {
    return argument.name();
  }

  /**
   * Get the longest command term length.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {number}
   */

  longestSubcommandTermLength(cmd, helper) {
    return helper.visibleCommands(cmd).reduce((max, command) => {
      return Math.max(
        max,
        this.displayWidth(
          helper.styleSubcommandTerm(helper.subcommandTerm(command)),
        ),
      );
    }, 0);
  }

  /**
   * Get the longest option term length.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {number}
   */

  longestOptionTermLength(cmd, helper) {
    return helper.visibleOptions(cmd).reduce((max, option) => {
      return Math.max(
        max,
        this.displayWidth(helper.styleOptionTerm(helper.optionTerm(option))),
      );
    }, 0);
  }

  /**
   * Get the longest global option term length.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {number}
   */

  longestGlobalOptionTermLength(cmd, helper) {
    return helper.visibleGlobalOptions(cmd).reduce((max, option) => {
      return Math.max(
        max,
        this.displayWidth(helper.styleOptionTerm(helper.optionTerm(option))),
      );
    }, 0);
  }

  /**
   * Get the longest argument term length.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {number}
   */

  longestArgumentTermLength(cmd, helper) {
    return helper.visibleArguments(cmd).reduce((max, argument) => {
      return Math.max(
        max,
        this.displayWidth(
          helper.styleArgumentTerm(helper.argumentTerm(argument)),
        ),
      );
    }, 0);
  }

  /**
   * Get the command usage to be displayed at the top of the built-in help.
   *
   * @param {Command} cmd
   * @returns {string}
   */

  commandUsage(cmd) {
    // Usage
    let cmdName = cmd._name;
    if (cmd._aliases[0]) {
      cmdName = cmdName + '|' + cmd._aliases[0];
    }
    let ancestorCmdNames = '';
    for (
      let ancestorCmd = cmd.parent;
      ancestorCmd;
      ancestorCmd = ancestorCmd.parent
    ) {
      ancestorCmdNames = ancestorCmd.name() + ' ' + ancestorCmdNames;
    }
    return ancestorCmdNames + cmdName + ' ' + cmd.usage();
  }

  /**
   * Get the description for the command.
   *
   * @param {Command} cmd
   * @returns {string}
   */

  commandDescription(cmd) {
    // @ts-ignore: because overloaded return type
    return cmd.description();
  }

  /**
   * Get the subcommand summary to show in the list of subcommands.
   * (Fallback to description for backwards compatibility.)
   *
   * @param {Command} cmd
   * @returns {string}
   */

  subcommandDescription(cmd) {
    // @ts-ignore: because overloaded return type
    return cmd.summary() || cmd.description();
  }

  /**
   * Get the option description to show in the list of options.
   *
   * @param {Option} option
   * @return {string}
   */

  optionDescription(option) {
    const extraInfo = [];

    if (option.argChoices) {
      extraInfo.push(
        // use stringify to match the display of the default value
        `choices: ${option.argChoices.map((choice) => JSON.stringify(choice)).join(', ')}`,
      );
    }
    if (option.defaultValue !== undefined) {
      // default for boolean and negated more for programmer than end user,
      // but show true/false for boolean option as may be for hand-rolled env or config processing.
      const showDefault =
        option.required ||
        option.optional ||
        (option.isBoolean() && typeof option.defaultValue === 'boolean');
      if (showDefault) {
        extraInfo.push(
          `default: ${option.defaultValueDescription || JSON.stringify(option.defaultValue)}`,
        );
      }
    }
    // preset for boolean and negated are more for programmer than end user
    if (option.presetArg !== undefined && option.optional) {
      extraInfo.push(`preset: ${JSON.stringify(option.presetArg)}`);
    }
    if (option.envVar !== undefined) {
      extraInfo.push(`env: ${option.envVar}`);
    }
    if (extraInfo.length > 0) {
      const extraDescription = `(${extraInfo.join(', ')})`;
      if (option.description) {
        return `${option.description} ${extraDescription}`;
      }
      return extraDescription;
    }

    return option.description;
  }

  /**
   * Get the argument description to show in the list of arguments.
   *
   * @param {Argument} argument
   * @return {string}
   */

  argumentDescription(argument) {
    const extraInfo = [];
    if (argument.argChoices) {
      extraInfo.push(
        // use stringify to match the display of the default value
        `choices: ${argument.argChoices.map((choice) => JSON.stringify(choice)).join(', ')}`,
      );
    }
    if (argument.defaultValue !== undefined) {
      extraInfo.push(
        `default: ${argument.defaultValueDescription || JSON.stringify(argument.defaultValue)}`,
      );
    }
    if (extraInfo.length > 0) {
      const extraDescription = `(${extraInfo.join(', ')})`;
      if (argument.description) {
        return `${argument.description} ${extraDescription}`;
      }
      return extraDescription;
    }
    return argument.description;
  }

  /**
   * Format a list of items, given a heading and an array of formatted items.
   *
   * @param {string} heading
   * @param {string[]} items
   * @param {Help} helper
   * @returns string[]
   */
  formatItemList(heading, items, helper) {
    if (items.length === 0) return [];

    return [helper.styleTitle(heading), ...items, ''];
  }

  /**
   * Group items by their help group heading.
   *
   * @param {Command[] | Option[]} unsortedItems
   * @param {Command[] | Option[]} visibleItems
   * @param {Function} getGroup
   * @returns {Map<string, Command[] | Option[]>}
   */
  groupItems(unsortedItems, visibleItems, getGroup) {
    const result = new Map();
    // Add groups in order of appearance in unsortedItems.
    unsortedItems.forEach((item) => {
      const group = getGroup(item);
      if (!result.has(group)) result.set(group, []);
    });
    // Add items in order of appearance in visibleItems.
    visibleItems.forEach((item) => {
      const group = getGroup(item);
      if (!result.has(group)) {
        result.set(group, []);
      }
      result.get(group).push(item);
    });
    return result;
  }

  /**
   * Generate the built-in help text.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {string}
   */

  formatHelp(cmd, helper) {
    const termWidth = helper.padWidth(cmd, helper);
    const helpWidth = helper.helpWidth ?? 80; // in case prepareContext() was not called

    function callFormatItem(term, description) {
      return helper.formatItem(term, termWidth, description, helper);
    }

    // Usage
    let output = [
      `${helper.styleTitle('Usage:')} ${helper.styleUsage(helper.commandUsage(cmd))}`,
      '',
    ];

    // Description
    const commandDescription = helper.commandDescription(cmd);
    if (commandDescription.length > 0) {
      output = output.concat([
        helper.boxWrap(
          helper.styleCommandDescription(commandDescription),
          helpWidth,
        ),
        '',
      ]);
    }

    // Arguments
    const argumentList = helper.visibleArguments(cmd).map((argument) => {
      return callFormatItem(
        helper.styleArgumentTerm(helper.argumentTerm(argument)),
        helper.styleArgumentDescription(helper.argumentDescription(argument)),
      );
    });
    output = output.concat(
      this.formatItemList('Arguments:', argumentList, helper),
    );

    // Options
    const optionGroups = this.groupItems(
      cmd.options,
      helper.visibleOptions(cmd),
      (option) => option.helpGroupHeading ?? 'Options:',
    );
    optionGroups.forEach((options, group) => {
      const optionList = options.map((option) => {
        return callFormatItem(
          helper.styleOptionTerm(helper.optionTerm(option)),
          helper.styleOptionDescription(helper.optionDescription(option)),
        );
      });
      output = output.concat(this.formatItemList(group, optionList, helper));
    });

    if (helper.showGlobalOptions) {
      const globalOptionList = helper
        .visibleGlobalOptions(cmd)
        .map((option) => {
          return callFormatItem(
            helper.styleOptionTerm(helper.optionTerm(option)),
            helper.styleOptionDescription(helper.optionDescription(option)),
          );
        });
      output = output.concat(
        this.formatItemList('Global Options:', globalOptionList, helper),
      );
    }

    // Commands
    const commandGroups = this.groupItems(
      cmd.commands,
      helper.visibleCommands(cmd),
      (sub) => sub.helpGroup() || 'Commands:',
    );
    commandGroups.forEach((commands, group) => {
      const commandList = commands.map((sub) => {
        return callFormatItem(
          helper.styleSubcommandTerm(helper.subcommandTerm(sub)),
          helper.styleSubcommandDescription(helper.subcommandDescription(sub)),
        );
      });
      output = output.concat(this.formatItemList(group, commandList, helper));
    });

    return output.join('\n');
  }

  /**
   * Return display width of string, ignoring ANSI escape sequences. Used in padding and wrapping calculations.
   *
   * @param {string} str
   * @returns {number}
   */
  displayWidth(str) {
    return __WEBPACK_EXTERNAL_MODULE_node_util_1f093676_stripVTControlCharacters__(str).length;
  }

  /**
   * Style the title for displaying in the help. Called with 'Usage:', 'Options:', etc.
   *
   * @param {string} str
   * @returns {string}
   */
  styleTitle(str) {
    return str;
  }

  styleUsage(str) {
    // Usage has lots of parts the user might like to color separately! Assume default usage string which is formed like:
    //    command subcommand [options] [command] <foo> [bar]
    return str
      .split(' ')
      .map((word) => {
        if (word === '[options]') return this.styleOptionText(word);
        if (word === '[command]') return this.styleSubcommandText(word);
        if (word[0] === '[' || word[0] === '<')
          return this.styleArgumentText(word);
        return this.styleCommandText(word); // Restrict to initial words?
      })
      .join(' ');
  }
  styleCommandDescription(str) {
    return this.styleDescriptionText(str);
  }
  styleOptionDescription(str) {
    return this.styleDescriptionText(str);
  }
  styleSubcommandDescription(str) {
    return this.styleDescriptionText(str);
  }
  styleArgumentDescription(str) {
    return this.styleDescriptionText(str);
  }
  styleDescriptionText(str) {
    return str;
  }
  styleOptionTerm(str) {
    return this.styleOptionText(str);
  }
  styleSubcommandTerm(str) {
    // This is very like usage with lots of parts! Assume default string which is formed like:
    //    subcommand [options] <foo> [bar]
    return str
      .split(' ')
      .map((word) => {
        if (word === '[options]') return this.styleOptionText(word);
        if (word[0] === '[' || word[0] === '<')
          return this.styleArgumentText(word);
        return this.styleSubcommandText(word); // Restrict to initial words?
      })
      .join(' ');
  }
  styleArgumentTerm(str) {
    return this.styleArgumentText(str);
  }
  styleOptionText(str) {
    return str;
  }
  styleArgumentText(str) {
    return str;
  }
  styleSubcommandText(str) {
    return str;
  }
  styleCommandText(str) {
    return str;
  }

  /**
   * Calculate the pad width from the maximum term length.
   *
   * @param {Command} cmd
   * @param {Help} helper
   * @returns {number}
   */

  padWidth(cmd, helper) {
    return Math.max(
      helper.longestOptionTermLength(cmd, helper),
      helper.longestGlobalOptionTermLength(cmd, helper),
      helper.longestSubcommandTermLength(cmd, helper),
      helper.longestArgumentTermLength(cmd, helper),
    );
  }

  /**
   * Detect manually wrapped and indented strings by checking for line break followed by whitespace.
   *
   * @param {string} str
   * @returns {boolean}
   */
  preformatted(str) {
    return /\n[^\S\r\n]/.test(str);
  }

  /**
   * Format the "item", which consists of a term and description. Pad the term and wrap the description, indenting the following lines.
   *
   * So "TTT", 5, "DDD DDDD DD DDD" might be formatted for this.helpWidth=17 like so:
   *   TTT  DDD DDDD
   *        DD DDD
   *
   * @param {string} term
   * @param {number} termWidth
   * @param {string} description
   * @param {Help} helper
   * @returns {string}
   */
  formatItem(term, termWidth, description, helper) {
    const itemIndent = 2;
    const itemIndentStr = ' '.repeat(itemIndent);
    if (!description) return itemIndentStr + term;

    // Pad the term out to a consistent width, so descriptions are aligned.
    const paddedTerm = term.padEnd(
      termWidth + term.length - helper.displayWidth(term),
    );

    // Format the description.
    const spacerWidth = 2; // between term and description
    const helpWidth = this.helpWidth ?? 80; // in case prepareContext() was not called
    const remainingWidth = helpWidth - termWidth - spacerWidth - itemIndent;
    let formattedDescription;
    if (
      remainingWidth < this.minWidthToWrap ||
      helper.preformatted(description)
    ) {
      formattedDescription = description;
    } else {
      const wrappedDescription = helper.boxWrap(description, remainingWidth);
      formattedDescription = wrappedDescription.replace(
        /\n/g,
        '\n' + ' '.repeat(termWidth + spacerWidth),
      );
    }

    // Construct and overall indent.
    return (
      itemIndentStr +
      paddedTerm +
      ' '.repeat(spacerWidth) +
      formattedDescription.replace(/\n/g, `\n${itemIndentStr}`)
    );
  }

  /**
   * Wrap a string at whitespace, preserving existing line breaks.
   * Wrapping is skipped if the width is less than `minWidthToWrap`.
   *
   * @param {string} str
   * @param {number} width
   * @returns {string}
   */
  boxWrap(str, width) {
    if (width < this.minWidthToWrap) return str;

    const rawLines = str.split(/\r\n|\n/);
    // split up text by whitespace
    const chunkPattern = /[\s]*[^\s]+/g;
    const wrappedLines = [];
    rawLines.forEach((line) => {
      const chunks = line.match(chunkPattern);
      if (chunks === null) {
        wrappedLines.push('');
        return;
      }

      let sumChunks = [chunks.shift()];
      let sumWidth = this.displayWidth(sumChunks[0]);
      chunks.forEach((chunk) => {
        const visibleWidth = this.displayWidth(chunk);
        // Accumulate chunks while they fit into width.
        if (sumWidth + visibleWidth <= width) {
          sumChunks.push(chunk);
          sumWidth += visibleWidth;
          return;
        }
        wrappedLines.push(sumChunks.join(''));

        const nextChunk = chunk.trimStart(); // trim space at line break
        sumChunks = [nextChunk];
        sumWidth = this.displayWidth(nextChunk);
      });
      wrappedLines.push(sumChunks.join(''));
    });

    return wrappedLines.join('\n');
  }
}

;// ./node_modules/commander/lib/option.js


class Option {
  /**
   * Initialize a new `Option` with the given `flags` and `description`.
   *
   * @param {string} flags
   * @param {string} [description]
   */

  constructor(flags, description) {
    this.flags = flags;
    this.description = description || '';

    this.required = flags.includes('<'); // A value must be supplied when the option is specified.
    this.optional = flags.includes('['); // A value is optional when the option is specified.
    // variadic test ignores <value,...> et al which might be used to describe custom splitting of single argument
    this.variadic = /\p{ID_Continue}\.\.\.[>\]]$/u.test(flags); // The option can take multiple values.
    this.mandatory = false; // The option must have a value after parsing, which usually means it must be specified on command line.
    const optionFlags = splitOptionFlags(flags);
    this.short = optionFlags.shortFlag; // May be a short flag, undefined, or even a long flag (if option has two long flags).
    this.long = optionFlags.longFlag;
    this.negate = false;
    if (this.long) {
      this.negate = this.long.startsWith('--no-');
    }
    this.defaultValue = undefined;
    this.defaultValueDescription = undefined;
    this.presetArg = undefined;
    this.envVar = undefined;
    this.parseArg = undefined;
    this.hidden = false;
    this.argChoices = undefined;
    this.conflictsWith = [];
    this.implied = undefined;
    this.helpGroupHeading = undefined; // soft initialised when option added to command
  }

  /**
   * Set the default value, and optionally supply the description to be displayed in the help.
   *
   * @param {*} value
   * @param {string} [description]
   * @return {Option}
   */

  default(value, description) {
    this.defaultValue = value;
    this.defaultValueDescription = description;
    return this;
  }

  /**
   * Preset to use when option used without option-argument, especially optional but also boolean and negated.
   * The custom processing (parseArg) is called.
   *
   * @example
   * new Option('--color').default('GREYSCALE').preset('RGB');
   * new Option('--donate [amount]').preset('20').argParser(parseFloat);
   *
   * @param {*} arg
   * @return {Option}
   */

  preset(arg) {
    this.presetArg = arg;
    return this;
  }

  /**
   * Add option name(s) that conflict with this option.
   * An error will be displayed if conflicting options are found during parsing.
   *
   * @example
   * new Option('--rgb').conflicts('cmyk');
   * new Option('--js').conflicts(['ts', 'jsx']);
   *
   * @param {(string | string[])} names
   * @return {Option}
   */

  conflicts(names) {
    this.conflictsWith = this.conflictsWith.concat(names);
    return this;
  }

  /**
   * Specify implied option values for when this option is set and the implied options are not.
   *
   * The custom processing (parseArg) is not called on the implied values.
   *
   * @example
   * program
   *   .addOption(new Option('--log', 'write logging information to file'))
   *   .addOption(new Option('--trace', 'log extra details').implies({ log: 'trace.txt' }));
   *
   * @param {object} impliedOptionValues
   * @return {Option}
   */
  implies(impliedOptionValues) {
    let newImplied = impliedOptionValues;
    if (typeof impliedOptionValues === 'string') {
      // string is not documented, but easy mistake and we can do what user probably intended.
      newImplied = { [impliedOptionValues]: true };
    }
    this.implied = Object.assign(this.implied || {}, newImplied);
    return this;
  }

  /**
   * Set environment variable to check for option value.
   *
   * An environment variable is only used if when processed the current option value is
   * undefined, or the source of the current value is 'default' or 'config' or 'env'.
   *
   * @param {string} name
   * @return {Option}
   */

  env(name) {
    this.envVar = name;
    return this;
  }

  /**
   * Set the custom handler for processing CLI option arguments into option values.
   *
   * @param {Function} [fn]
   * @return {Option}
   */

  argParser(fn) {
    this.parseArg = fn;
    return this;
  }

  /**
   * Whether the option is mandatory and must have a value after parsing.
   *
   * @param {boolean} [mandatory=true]
   * @return {Option}
   */

  makeOptionMandatory(mandatory = true) {
    this.mandatory = !!mandatory;
    return this;
  }

  /**
   * Hide option in help.
   *
   * @param {boolean} [hide=true]
   * @return {Option}
   */

  hideHelp(hide = true) {
    this.hidden = !!hide;
    return this;
  }

  /**
   * @package
   */

  _collectValue(value, previous) {
    if (previous === this.defaultValue || !Array.isArray(previous)) {
      return [value];
    }

    previous.push(value);
    return previous;
  }

  /**
   * Only allow option value to be one of choices.
   *
   * @param {string[]} values
   * @return {Option}
   */

  choices(values) {
    this.argChoices = values.slice();
    this.parseArg = (arg, previous) => {
      if (!this.argChoices.includes(arg)) {
        throw new InvalidArgumentError(
          `Allowed choices are ${this.argChoices.join(', ')}.`,
        );
      }
      if (this.variadic) {
        return this._collectValue(arg, previous);
      }
      return arg;
    };
    return this;
  }

  /**
   * Return option name.
   *
   * @return {string}
   */

  name() {
    if (this.long) {
      return this.long.replace(/^--/, '');
    }
    return this.short.replace(/^-/, '');
  }

  /**
   * Return option name, in a camelcase format that can be used
   * as an object attribute key.
   *
   * @return {string}
   */

  attributeName() {
    if (this.negate) {
      return camelcase(this.name().replace(/^no-/, ''));
    }
    return camelcase(this.name());
  }

  /**
   * Set the help group heading.
   *
   * @param {string} heading
   * @return {Option}
   */
  helpGroup(heading) {
    this.helpGroupHeading = heading;
    return this;
  }

  /**
   * Check if `arg` matches the short or long flag.
   *
   * @param {string} arg
   * @return {boolean}
   * @package
   */

  is(arg) {
    return this.short === arg || this.long === arg;
  }

  /**
   * Return whether a boolean option.
   *
   * Options are one of boolean, negated, required argument, or optional argument.
   *
   * @return {boolean}
   * @package
   */

  isBoolean() {
    return !this.required && !this.optional && !this.negate;
  }
}

/**
 * This class is to make it easier to work with dual options, without changing the existing
 * implementation. We support separate dual options for separate positive and negative options,
 * like `--build` and `--no-build`, which share a single option value. This works nicely for some
 * use cases, but is tricky for others where we want separate behaviours despite
 * the single shared option value.
 */
class DualOptions {
  /**
   * @param {Option[]} options
   */
  constructor(options) {
    this.positiveOptions = new Map();
    this.negativeOptions = new Map();
    this.dualOptions = new Set();
    options.forEach((option) => {
      if (option.negate) {
        this.negativeOptions.set(option.attributeName(), option);
      } else {
        this.positiveOptions.set(option.attributeName(), option);
      }
    });
    this.negativeOptions.forEach((value, key) => {
      if (this.positiveOptions.has(key)) {
        this.dualOptions.add(key);
      }
    });
  }

  /**
   * Did the value come from the option, and not from possible matching dual option?
   *
   * @param {*} value
   * @param {Option} option
   * @returns {boolean}
   */
  valueFromOption(value, option) {
    const optionKey = option.attributeName();
    if (!this.dualOptions.has(optionKey)) return true;

    // Use the value to deduce if (probably) came from the option.
    const preset = this.negativeOptions.get(optionKey).presetArg;
    const negativeValue = preset !== undefined ? preset : false;
    return option.negate === (negativeValue === value);
  }
}

/**
 * Convert string from kebab-case to camelCase.
 *
 * @param {string} str
 * @return {string}
 * @private
 */

function camelcase(str) {
  return str.split('-').reduce((str, word) => {
    return str + word[0].toUpperCase() + word.slice(1);
  });
}

/**
 * Split the short and long flag out of something like '-m,--mixed <value>'
 *
 * @private
 */

function splitOptionFlags(flags) {
  let shortFlag;
  let longFlag;
  // short flag, single dash and single character
  const shortFlagExp = /^-[^-]$/;
  // long flag, double dash and at least one character
  const longFlagExp = /^--[^-]/;

  const flagParts = flags.split(/[ |,]+/).concat('guard');
  // Normal is short and/or long.
  if (shortFlagExp.test(flagParts[0])) shortFlag = flagParts.shift();
  if (longFlagExp.test(flagParts[0])) longFlag = flagParts.shift();
  // Long then short. Rarely used but fine.
  if (!shortFlag && shortFlagExp.test(flagParts[0]))
    shortFlag = flagParts.shift();
  // Allow two long flags, like '--ws, --workspace'
  // This is the supported way to have a shortish option flag.
  if (!shortFlag && longFlagExp.test(flagParts[0])) {
    shortFlag = longFlag;
    longFlag = flagParts.shift();
  }

  // Check for unprocessed flag. Fail noisily rather than silently ignore.
  if (flagParts[0].startsWith('-')) {
    const unsupportedFlag = flagParts[0];
    const baseError = `option creation failed due to '${unsupportedFlag}' in option flags '${flags}'`;
    if (/^-[^-][^-]/.test(unsupportedFlag))
      throw new Error(
        `${baseError}
- a short flag is a single dash and a single character
  - either use a single dash and a single character (for a short flag)
  - or use a double dash for a long option (and can have two, like '--ws, --workspace')`,
      );
    if (shortFlagExp.test(unsupportedFlag))
      throw new Error(`${baseError}
- too many short flags`);
    if (longFlagExp.test(unsupportedFlag))
      throw new Error(`${baseError}
- too many long flags`);

    throw new Error(`${baseError}
- unrecognised flag format`);
  }
  if (shortFlag === undefined && longFlag === undefined)
    throw new Error(
      `option creation failed due to no flags found in '${flags}'.`,
    );

  return { shortFlag, longFlag };
}

;// ./node_modules/commander/lib/suggestSimilar.js
const maxDistance = 3;

function editDistance(a, b) {
  // https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance
  // Calculating optimal string alignment distance, no substring is edited more than once.
  // (Simple implementation.)

  // Quick early exit, return worst case.
  if (Math.abs(a.length - b.length) > maxDistance)
    return Math.max(a.length, b.length);

  // distance between prefix substrings of a and b
  const d = [];

  // pure deletions turn a into empty string
  for (let i = 0; i <= a.length; i++) {
    d[i] = [i];
  }
  // pure insertions turn empty string into b
  for (let j = 0; j <= b.length; j++) {
    d[0][j] = j;
  }

  // fill matrix
  for (let j = 1; j <= b.length; j++) {
    for (let i = 1; i <= a.length; i++) {
      let cost;
      if (a[i - 1] === b[j - 1]) {
        cost = 0;
      } else {
        cost = 1;
      }
      d[i][j] = Math.min(
        d[i - 1][j] + 1, // deletion
        d[i][j - 1] + 1, // insertion
        d[i - 1][j - 1] + cost, // substitution
      );
      // transposition
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }

  return d[a.length][b.length];
}

/**
 * Find close matches, restricted to same number of edits.
 *
 * @param {string} word
 * @param {string[]} candidates
 * @returns {string}
 */

function suggestSimilar(word, candidates) {
  if (!candidates || candidates.length === 0) return '';
  // remove possible duplicates
  candidates = Array.from(new Set(candidates));

  const searchingOptions = word.startsWith('--');
  if (searchingOptions) {
    word = word.slice(2);
    candidates = candidates.map((candidate) => candidate.slice(2));
  }

  let similar = [];
  let bestDistance = maxDistance;
  const minSimilarity = 0.4;
  candidates.forEach((candidate) => {
    if (candidate.length <= 1) return; // no one character guesses

    const distance = editDistance(word, candidate);
    const length = Math.max(word.length, candidate.length);
    const similarity = (length - distance) / length;
    if (similarity > minSimilarity) {
      if (distance < bestDistance) {
        // better edit distance, throw away previous worse matches
        bestDistance = distance;
        similar = [candidate];
      } else if (distance === bestDistance) {
        similar.push(candidate);
      }
    }
  });

  similar.sort((a, b) => a.localeCompare(b));
  if (searchingOptions) {
    similar = similar.map((candidate) => `--${candidate}`);
  }

  if (similar.length > 1) {
    return `\n(Did you mean one of ${similar.join(', ')}?)`;
  }
  if (similar.length === 1) {
    return `\n(Did you mean ${similar[0]}?)`;
  }
  return '';
}

;// ./node_modules/commander/lib/command.js













class Command extends __WEBPACK_EXTERNAL_MODULE_node_events_819cca76_EventEmitter__ {
  /**
   * Initialize a new `Command`.
   *
   * @param {string} [name]
   */

  constructor(name) {
    super();
    /** @type {Command[]} */
    this.commands = [];
    /** @type {Option[]} */
    this.options = [];
    this.parent = null;
    this._allowUnknownOption = false;
    this._allowExcessArguments = false;
    /** @type {Argument[]} */
    this.registeredArguments = [];
    this._args = this.registeredArguments; // deprecated old name
    /** @type {string[]} */
    this.args = []; // cli args with options removed
    this.rawArgs = [];
    this.processedArgs = []; // like .args but after custom processing and collecting variadic
    this._scriptPath = null;
    this._name = name || '';
    this._optionValues = {};
    this._optionValueSources = {}; // default, env, cli etc
    this._storeOptionsAsProperties = false;
    this._actionHandler = null;
    this._executableHandler = false;
    this._executableFile = null; // custom name for executable
    this._executableDir = null; // custom search directory for subcommands
    this._defaultCommandName = null;
    this._exitCallback = null;
    this._aliases = [];
    this._combineFlagAndOptionalValue = true;
    this._description = '';
    this._summary = '';
    this._argsDescription = undefined; // legacy
    this._enablePositionalOptions = false;
    this._passThroughOptions = false;
    this._lifeCycleHooks = {}; // a hash of arrays
    /** @type {(boolean | string)} */
    this._showHelpAfterError = false;
    this._showSuggestionAfterError = true;
    this._savedState = null; // used in save/restoreStateBeforeParse

    // see configureOutput() for docs
    this._outputConfiguration = {
      writeOut: (str) => __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.stdout.write(str),
      writeErr: (str) => __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.stderr.write(str),
      outputError: (str, write) => write(str),
      getOutHelpWidth: () =>
        __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.stdout.isTTY ? __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.stdout.columns : undefined,
      getErrHelpWidth: () =>
        __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.stderr.isTTY ? __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.stderr.columns : undefined,
      getOutHasColors: () =>
        useColor() ?? (__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.stdout.isTTY && __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.stdout.hasColors?.()),
      getErrHasColors: () =>
        useColor() ?? (__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.stderr.isTTY && __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.stderr.hasColors?.()),
      stripColor: (str) => __WEBPACK_EXTERNAL_MODULE_node_util_1f093676_stripVTControlCharacters__(str),
    };

    this._hidden = false;
    /** @type {(Option | null | undefined)} */
    this._helpOption = undefined; // Lazy created on demand. May be null if help option is disabled.
    this._addImplicitHelpCommand = undefined; // undecided whether true or false yet, not inherited
    /** @type {Command} */
    this._helpCommand = undefined; // lazy initialised, inherited
    this._helpConfiguration = {};
    /** @type {string | undefined} */
    this._helpGroupHeading = undefined; // soft initialised when added to parent
    /** @type {string | undefined} */
    this._defaultCommandGroup = undefined;
    /** @type {string | undefined} */
    this._defaultOptionGroup = undefined;
  }

  /**
   * Copy settings that are useful to have in common across root command and subcommands.
   *
   * (Used internally when adding a command using `.command()` so subcommands inherit parent settings.)
   *
   * @param {Command} sourceCommand
   * @return {Command} `this` command for chaining
   */
  copyInheritedSettings(sourceCommand) {
    this._outputConfiguration = sourceCommand._outputConfiguration;
    this._helpOption = sourceCommand._helpOption;
    this._helpCommand = sourceCommand._helpCommand;
    this._helpConfiguration = sourceCommand._helpConfiguration;
    this._exitCallback = sourceCommand._exitCallback;
    this._storeOptionsAsProperties = sourceCommand._storeOptionsAsProperties;
    this._combineFlagAndOptionalValue =
      sourceCommand._combineFlagAndOptionalValue;
    this._allowExcessArguments = sourceCommand._allowExcessArguments;
    this._enablePositionalOptions = sourceCommand._enablePositionalOptions;
    this._showHelpAfterError = sourceCommand._showHelpAfterError;
    this._showSuggestionAfterError = sourceCommand._showSuggestionAfterError;

    return this;
  }

  /**
   * @returns {Command[]}
   * @private
   */

  _getCommandAndAncestors() {
    const result = [];
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    for (let command = this; command; command = command.parent) {
      result.push(command);
    }
    return result;
  }

  /**
   * Define a command.
   *
   * There are two styles of command: pay attention to where to put the description.
   *
   * @example
   * // Command implemented using action handler (description is supplied separately to `.command`)
   * program
   *   .command('clone <source> [destination]')
   *   .description('clone a repository into a newly created directory')
   *   .action((source, destination) => {
   *     console.log('clone command called');
   *   });
   *
   * // Command implemented using separate executable file (description is second parameter to `.command`)
   * program
   *   .command('start <service>', 'start named service')
   *   .command('stop [service]', 'stop named service, or all if no name supplied');
   *
   * @param {string} nameAndArgs - command name and arguments, args are `<required>` or `[optional]` and last may also be `variadic...`
   * @param {(object | string)} [actionOptsOrExecDesc] - configuration options (for action), or description (for executable)
   * @param {object} [execOpts] - configuration options (for executable)
   * @return {Command} returns new command for action handler, or `this` for executable command
   */

  command(nameAndArgs, actionOptsOrExecDesc, execOpts) {
    let desc = actionOptsOrExecDesc;
    let opts = execOpts;
    if (typeof desc === 'object' && desc !== null) {
      opts = desc;
      desc = null;
    }
    opts = opts || {};
    const [, name, args] = nameAndArgs.match(/([^ ]+) *(.*)/);

    const cmd = this.createCommand(name);
    if (desc) {
      cmd.description(desc);
      cmd._executableHandler = true;
    }
    if (opts.isDefault) this._defaultCommandName = cmd._name;
    cmd._hidden = !!(opts.noHelp || opts.hidden); // noHelp is deprecated old name for hidden
    cmd._executableFile = opts.executableFile || null; // Custom name for executable file, set missing to null to match constructor
    if (args) cmd.arguments(args);
    this._registerCommand(cmd);
    cmd.parent = this;
    cmd.copyInheritedSettings(this);

    if (desc) return this;
    return cmd;
  }

  /**
   * Factory routine to create a new unattached command.
   *
   * See .command() for creating an attached subcommand, which uses this routine to
   * create the command. You can override createCommand to customise subcommands.
   *
   * @param {string} [name]
   * @return {Command} new command
   */

  createCommand(name) {
    return new Command(name);
  }

  /**
   * You can customise the help with a subclass of Help by overriding createHelp,
   * or by overriding Help properties using configureHelp().
   *
   * @return {Help}
   */

  createHelp() {
    return Object.assign(new Help(), this.configureHelp());
  }

  /**
   * You can customise the help by overriding Help properties using configureHelp(),
   * or with a subclass of Help by overriding createHelp().
   *
   * @param {object} [configuration] - configuration options
   * @return {(Command | object)} `this` command for chaining, or stored configuration
   */

  configureHelp(configuration) {
    if (configuration === undefined) return this._helpConfiguration;

    this._helpConfiguration = configuration;
    return this;
  }

  /**
   * The default output goes to stdout and stderr. You can customise this for special
   * applications. You can also customise the display of errors by overriding outputError.
   *
   * The configuration properties are all functions:
   *
   *     // change how output being written, defaults to stdout and stderr
   *     writeOut(str)
   *     writeErr(str)
   *     // change how output being written for errors, defaults to writeErr
   *     outputError(str, write) // used for displaying errors and not used for displaying help
   *     // specify width for wrapping help
   *     getOutHelpWidth()
   *     getErrHelpWidth()
   *     // color support, currently only used with Help
   *     getOutHasColors()
   *     getErrHasColors()
   *     stripColor() // used to remove ANSI escape codes if output does not have colors
   *
   * @param {object} [configuration] - configuration options
   * @return {(Command | object)} `this` command for chaining, or stored configuration
   */

  configureOutput(configuration) {
    if (configuration === undefined) return this._outputConfiguration;

    this._outputConfiguration = {
      ...this._outputConfiguration,
      ...configuration,
    };
    return this;
  }

  /**
   * Display the help or a custom message after an error occurs.
   *
   * @param {(boolean|string)} [displayHelp]
   * @return {Command} `this` command for chaining
   */
  showHelpAfterError(displayHelp = true) {
    if (typeof displayHelp !== 'string') displayHelp = !!displayHelp;
    this._showHelpAfterError = displayHelp;
    return this;
  }

  /**
   * Display suggestion of similar commands for unknown commands, or options for unknown options.
   *
   * @param {boolean} [displaySuggestion]
   * @return {Command} `this` command for chaining
   */
  showSuggestionAfterError(displaySuggestion = true) {
    this._showSuggestionAfterError = !!displaySuggestion;
    return this;
  }

  /**
   * Add a prepared subcommand.
   *
   * See .command() for creating an attached subcommand which inherits settings from its parent.
   *
   * @param {Command} cmd - new subcommand
   * @param {object} [opts] - configuration options
   * @return {Command} `this` command for chaining
   */

  addCommand(cmd, opts) {
    if (!cmd._name) {
      throw new Error(`Command passed to .addCommand() must have a name
- specify the name in Command constructor or using .name()`);
    }

    opts = opts || {};
    if (opts.isDefault) this._defaultCommandName = cmd._name;
    if (opts.noHelp || opts.hidden) cmd._hidden = true; // modifying passed command due to existing implementation

    this._registerCommand(cmd);
    cmd.parent = this;
    cmd._checkForBrokenPassThrough();

    return this;
  }

  /**
   * Factory routine to create a new unattached argument.
   *
   * See .argument() for creating an attached argument, which uses this routine to
   * create the argument. You can override createArgument to return a custom argument.
   *
   * @param {string} name
   * @param {string} [description]
   * @return {Argument} new argument
   */

  createArgument(name, description) {
    return new Argument(name, description);
  }

  /**
   * Define argument syntax for command.
   *
   * The default is that the argument is required, and you can explicitly
   * indicate this with <> around the name. Put [] around the name for an optional argument.
   *
   * @example
   * program.argument('<input-file>');
   * program.argument('[output-file]');
   *
   * @param {string} name
   * @param {string} [description]
   * @param {(Function|*)} [parseArg] - custom argument processing function or default value
   * @param {*} [defaultValue]
   * @return {Command} `this` command for chaining
   */
  argument(name, description, parseArg, defaultValue) {
    const argument = this.createArgument(name, description);
    if (typeof parseArg === 'function') {
      argument.default(defaultValue).argParser(parseArg);
    } else {
      argument.default(parseArg);
    }
    this.addArgument(argument);
    return this;
  }

  /**
   * Define argument syntax for command, adding multiple at once (without descriptions).
   *
   * See also .argument().
   *
   * @example
   * program.arguments('<cmd> [env]');
   *
   * @param {string} names
   * @return {Command} `this` command for chaining
   */

  arguments(names) {
    names
      .trim()
      .split(/ +/)
      .forEach((detail) => {
        this.argument(detail);
      });
    return this;
  }

  /**
   * Define argument syntax for command, adding a prepared argument.
   *
   * @param {Argument} argument
   * @return {Command} `this` command for chaining
   */
  addArgument(argument) {
    const previousArgument = this.registeredArguments.slice(-1)[0];
    if (previousArgument?.variadic) {
      throw new Error(
        `only the last argument can be variadic '${previousArgument.name()}'`,
      );
    }
    if (
      argument.required &&
      argument.defaultValue !== undefined &&
      argument.parseArg === undefined
    ) {
      throw new Error(
        `a default value for a required argument is never used: '${argument.name()}'`,
      );
    }
    this.registeredArguments.push(argument);
    return this;
  }

  /**
   * Customise or override default help command. By default a help command is automatically added if your command has subcommands.
   *
   * @example
   *    program.helpCommand('help [cmd]');
   *    program.helpCommand('help [cmd]', 'show help');
   *    program.helpCommand(false); // suppress default help command
   *    program.helpCommand(true); // add help command even if no subcommands
   *
   * @param {string|boolean} enableOrNameAndArgs - enable with custom name and/or arguments, or boolean to override whether added
   * @param {string} [description] - custom description
   * @return {Command} `this` command for chaining
   */

  helpCommand(enableOrNameAndArgs, description) {
    if (typeof enableOrNameAndArgs === 'boolean') {
      this._addImplicitHelpCommand = enableOrNameAndArgs;
      if (enableOrNameAndArgs && this._defaultCommandGroup) {
        // make the command to store the group
        this._initCommandGroup(this._getHelpCommand());
      }
      return this;
    }

    const nameAndArgs = enableOrNameAndArgs ?? 'help [command]';
    const [, helpName, helpArgs] = nameAndArgs.match(/([^ ]+) *(.*)/);
    const helpDescription = description ?? 'display help for command';

    const helpCommand = this.createCommand(helpName);
    helpCommand.helpOption(false);
    if (helpArgs) helpCommand.arguments(helpArgs);
    if (helpDescription) helpCommand.description(helpDescription);

    this._addImplicitHelpCommand = true;
    this._helpCommand = helpCommand;
    // init group unless lazy create
    if (enableOrNameAndArgs || description) this._initCommandGroup(helpCommand);

    return this;
  }

  /**
   * Add prepared custom help command.
   *
   * @param {(Command|string|boolean)} helpCommand - custom help command, or deprecated enableOrNameAndArgs as for `.helpCommand()`
   * @param {string} [deprecatedDescription] - deprecated custom description used with custom name only
   * @return {Command} `this` command for chaining
   */
  addHelpCommand(helpCommand, deprecatedDescription) {
    // If not passed an object, call through to helpCommand for backwards compatibility,
    // as addHelpCommand was originally used like helpCommand is now.
    if (typeof helpCommand !== 'object') {
      this.helpCommand(helpCommand, deprecatedDescription);
      return this;
    }

    this._addImplicitHelpCommand = true;
    this._helpCommand = helpCommand;
    this._initCommandGroup(helpCommand);
    return this;
  }

  /**
   * Lazy create help command.
   *
   * @return {(Command|null)}
   * @package
   */
  _getHelpCommand() {
    const hasImplicitHelpCommand =
      this._addImplicitHelpCommand ??
      (this.commands.length &&
        !this._actionHandler &&
        !this._findCommand('help'));

    if (hasImplicitHelpCommand) {
      if (this._helpCommand === undefined) {
        this.helpCommand(undefined, undefined); // use default name and description
      }
      return this._helpCommand;
    }
    return null;
  }

  /**
   * Add hook for life cycle event.
   *
   * @param {string} event
   * @param {Function} listener
   * @return {Command} `this` command for chaining
   */

  hook(event, listener) {
    const allowedValues = ['preSubcommand', 'preAction', 'postAction'];
    if (!allowedValues.includes(event)) {
      throw new Error(`Unexpected value for event passed to hook : '${event}'.
Expecting one of '${allowedValues.join("', '")}'`);
    }
    if (this._lifeCycleHooks[event]) {
      this._lifeCycleHooks[event].push(listener);
    } else {
      this._lifeCycleHooks[event] = [listener];
    }
    return this;
  }

  /**
   * Register callback to use as replacement for calling process.exit.
   *
   * @param {Function} [fn] optional callback which will be passed a CommanderError, defaults to throwing
   * @return {Command} `this` command for chaining
   */

  exitOverride(fn) {
    if (fn) {
      this._exitCallback = fn;
    } else {
      this._exitCallback = (err) => {
        if (err.code !== 'commander.executeSubCommandAsync') {
          throw err;
        } else {
          // Async callback from spawn events, not useful to throw.
        }
      };
    }
    return this;
  }

  /**
   * Call process.exit, and _exitCallback if defined.
   *
   * @param {number} exitCode exit code for using with process.exit
   * @param {string} code an id string representing the error
   * @param {string} message human-readable description of the error
   * @return never
   * @private
   */

  _exit(exitCode, code, message) {
    if (this._exitCallback) {
      this._exitCallback(new CommanderError(exitCode, code, message));
      // Expecting this line is not reached.
    }
    __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.exit(exitCode);
  }

  /**
   * Register callback `fn` for the command.
   *
   * @example
   * program
   *   .command('serve')
   *   .description('start service')
   *   .action(function() {
   *      // do work here
   *   });
   *
   * @param {Function} fn
   * @return {Command} `this` command for chaining
   */

  action(fn) {
    const listener = (args) => {
      // The .action callback takes an extra parameter which is the command or options.
      const expectedArgsCount = this.registeredArguments.length;
      const actionArgs = args.slice(0, expectedArgsCount);
      if (this._storeOptionsAsProperties) {
        actionArgs[expectedArgsCount] = this; // backwards compatible "options"
      } else {
        actionArgs[expectedArgsCount] = this.opts();
      }
      actionArgs.push(this);

      return fn.apply(this, actionArgs);
    };
    this._actionHandler = listener;
    return this;
  }

  /**
   * Factory routine to create a new unattached option.
   *
   * See .option() for creating an attached option, which uses this routine to
   * create the option. You can override createOption to return a custom option.
   *
   * @param {string} flags
   * @param {string} [description]
   * @return {Option} new option
   */

  createOption(flags, description) {
    return new Option(flags, description);
  }

  /**
   * Wrap parseArgs to catch 'commander.invalidArgument'.
   *
   * @param {(Option | Argument)} target
   * @param {string} value
   * @param {*} previous
   * @param {string} invalidArgumentMessage
   * @private
   */

  _callParseArg(target, value, previous, invalidArgumentMessage) {
    try {
      return target.parseArg(value, previous);
    } catch (err) {
      if (err.code === 'commander.invalidArgument') {
        const message = `${invalidArgumentMessage} ${err.message}`;
        this.error(message, { exitCode: err.exitCode, code: err.code });
      }
      throw err;
    }
  }

  /**
   * Check for option flag conflicts.
   * Register option if no conflicts found, or throw on conflict.
   *
   * @param {Option} option
   * @private
   */

  _registerOption(option) {
    const matchingOption =
      (option.short && this._findOption(option.short)) ||
      (option.long && this._findOption(option.long));
    if (matchingOption) {
      const matchingFlag =
        option.long && this._findOption(option.long)
          ? option.long
          : option.short;
      throw new Error(`Cannot add option '${option.flags}'${this._name && ` to command '${this._name}'`} due to conflicting flag '${matchingFlag}'
-  already used by option '${matchingOption.flags}'`);
    }

    this._initOptionGroup(option);
    this.options.push(option);
  }

  /**
   * Check for command name and alias conflicts with existing commands.
   * Register command if no conflicts found, or throw on conflict.
   *
   * @param {Command} command
   * @private
   */

  _registerCommand(command) {
    const knownBy = (cmd) => {
      return [cmd.name()].concat(cmd.aliases());
    };

    const alreadyUsed = knownBy(command).find((name) =>
      this._findCommand(name),
    );
    if (alreadyUsed) {
      const existingCmd = knownBy(this._findCommand(alreadyUsed)).join('|');
      const newCmd = knownBy(command).join('|');
      throw new Error(
        `cannot add command '${newCmd}' as already have command '${existingCmd}'`,
      );
    }

    this._initCommandGroup(command);
    this.commands.push(command);
  }

  /**
   * Add an option.
   *
   * @param {Option} option
   * @return {Command} `this` command for chaining
   */
  addOption(option) {
    this._registerOption(option);

    const oname = option.name();
    const name = option.attributeName();

    // store default value
    if (option.defaultValue !== undefined) {
      this.setOptionValueWithSource(name, option.defaultValue, 'default');
    }

    // handler for cli and env supplied values
    const handleOptionValue = (val, invalidValueMessage, valueSource) => {
      // val is null for optional option used without an optional-argument.
      // val is undefined for boolean and negated option.
      if (val == null && option.presetArg !== undefined) {
        val = option.presetArg;
      }

      // custom processing
      const oldValue = this.getOptionValue(name);
      if (val !== null && option.parseArg) {
        val = this._callParseArg(option, val, oldValue, invalidValueMessage);
      } else if (val !== null && option.variadic) {
        val = option._collectValue(val, oldValue);
      }

      // Fill-in appropriate missing values. Long winded but easy to follow.
      if (val == null) {
        if (option.negate) {
          val = false;
        } else if (option.isBoolean() || option.optional) {
          val = true;
        } else {
          val = ''; // not normal, parseArg might have failed or be a mock function for testing
        }
      }
      this.setOptionValueWithSource(name, val, valueSource);
    };

    this.on('option:' + oname, (val) => {
      const invalidValueMessage = `error: option '${option.flags}' argument '${val}' is invalid.`;
      handleOptionValue(val, invalidValueMessage, 'cli');
    });

    if (option.envVar) {
      this.on('optionEnv:' + oname, (val) => {
        const invalidValueMessage = `error: option '${option.flags}' value '${val}' from env '${option.envVar}' is invalid.`;
        handleOptionValue(val, invalidValueMessage, 'env');
      });
    }

    return this;
  }

  /**
   * Internal implementation shared by .option() and .requiredOption()
   *
   * @return {Command} `this` command for chaining
   * @private
   */
  _optionEx(config, flags, description, fn, defaultValue) {
    if (typeof flags === 'object' && flags instanceof Option) {
      throw new Error(
        'To add an Option object use addOption() instead of option() or requiredOption()',
      );
    }
    const option = this.createOption(flags, description);
    option.makeOptionMandatory(!!config.mandatory);
    if (typeof fn === 'function') {
      option.default(defaultValue).argParser(fn);
    } else if (fn instanceof RegExp) {
      // deprecated
      const regex = fn;
      fn = (val, def) => {
        const m = regex.exec(val);
        return m ? m[0] : def;
      };
      option.default(defaultValue).argParser(fn);
    } else {
      option.default(fn);
    }

    return this.addOption(option);
  }

  /**
   * Define option with `flags`, `description`, and optional argument parsing function or `defaultValue` or both.
   *
   * The `flags` string contains the short and/or long flags, separated by comma, a pipe or space. A required
   * option-argument is indicated by `<>` and an optional option-argument by `[]`.
   *
   * See the README for more details, and see also addOption() and requiredOption().
   *
   * @example
   * program
   *     .option('-p, --pepper', 'add pepper')
   *     .option('--pt, --pizza-type <TYPE>', 'type of pizza') // required option-argument
   *     .option('-c, --cheese [CHEESE]', 'add extra cheese', 'mozzarella') // optional option-argument with default
   *     .option('-t, --tip <VALUE>', 'add tip to purchase cost', parseFloat) // custom parse function
   *
   * @param {string} flags
   * @param {string} [description]
   * @param {(Function|*)} [parseArg] - custom option processing function or default value
   * @param {*} [defaultValue]
   * @return {Command} `this` command for chaining
   */

  option(flags, description, parseArg, defaultValue) {
    return this._optionEx({}, flags, description, parseArg, defaultValue);
  }

  /**
   * Add a required option which must have a value after parsing. This usually means
   * the option must be specified on the command line. (Otherwise the same as .option().)
   *
   * The `flags` string contains the short and/or long flags, separated by comma, a pipe or space.
   *
   * @param {string} flags
   * @param {string} [description]
   * @param {(Function|*)} [parseArg] - custom option processing function or default value
   * @param {*} [defaultValue]
   * @return {Command} `this` command for chaining
   */

  requiredOption(flags, description, parseArg, defaultValue) {
    return this._optionEx(
      { mandatory: true },
      flags,
      description,
      parseArg,
      defaultValue,
    );
  }

  /**
   * Alter parsing of short flags with optional values.
   *
   * @example
   * // for `.option('-f,--flag [value]'):
   * program.combineFlagAndOptionalValue(true);  // `-f80` is treated like `--flag=80`, this is the default behaviour
   * program.combineFlagAndOptionalValue(false) // `-fb` is treated like `-f -b`
   *
   * @param {boolean} [combine] - if `true` or omitted, an optional value can be specified directly after the flag.
   * @return {Command} `this` command for chaining
   */
  combineFlagAndOptionalValue(combine = true) {
    this._combineFlagAndOptionalValue = !!combine;
    return this;
  }

  /**
   * Allow unknown options on the command line.
   *
   * @param {boolean} [allowUnknown] - if `true` or omitted, no error will be thrown for unknown options.
   * @return {Command} `this` command for chaining
   */
  allowUnknownOption(allowUnknown = true) {
    this._allowUnknownOption = !!allowUnknown;
    return this;
  }

  /**
   * Allow excess command-arguments on the command line. Pass false to make excess arguments an error.
   *
   * @param {boolean} [allowExcess] - if `true` or omitted, no error will be thrown for excess arguments.
   * @return {Command} `this` command for chaining
   */
  allowExcessArguments(allowExcess = true) {
    this._allowExcessArguments = !!allowExcess;
    return this;
  }

  /**
   * Enable positional options. Positional means global options are specified before subcommands which lets
   * subcommands reuse the same option names, and also enables subcommands to turn on passThroughOptions.
   * The default behaviour is non-positional and global options may appear anywhere on the command line.
   *
   * @param {boolean} [positional]
   * @return {Command} `this` command for chaining
   */
  enablePositionalOptions(positional = true) {
    this._enablePositionalOptions = !!positional;
    return this;
  }

  /**
   * Pass through options that come after command-arguments rather than treat them as command-options,
   * so actual command-options come before command-arguments. Turning this on for a subcommand requires
   * positional options to have been enabled on the program (parent commands).
   * The default behaviour is non-positional and options may appear before or after command-arguments.
   *
   * @param {boolean} [passThrough] for unknown options.
   * @return {Command} `this` command for chaining
   */
  passThroughOptions(passThrough = true) {
    this._passThroughOptions = !!passThrough;
    this._checkForBrokenPassThrough();
    return this;
  }

  /**
   * @private
   */

  _checkForBrokenPassThrough() {
    if (
      this.parent &&
      this._passThroughOptions &&
      !this.parent._enablePositionalOptions
    ) {
      throw new Error(
        `passThroughOptions cannot be used for '${this._name}' without turning on enablePositionalOptions for parent command(s)`,
      );
    }
  }

  /**
   * Whether to store option values as properties on command object,
   * or store separately (specify false). In both cases the option values can be accessed using .opts().
   *
   * @param {boolean} [storeAsProperties=true]
   * @return {Command} `this` command for chaining
   */

  storeOptionsAsProperties(storeAsProperties = true) {
    if (this.options.length) {
      throw new Error('call .storeOptionsAsProperties() before adding options');
    }
    if (Object.keys(this._optionValues).length) {
      throw new Error(
        'call .storeOptionsAsProperties() before setting option values',
      );
    }
    this._storeOptionsAsProperties = !!storeAsProperties;
    return this;
  }

  /**
   * Retrieve option value.
   *
   * @param {string} key
   * @return {object} value
   */

  getOptionValue(key) {
    if (this._storeOptionsAsProperties) {
      return this[key];
    }
    return this._optionValues[key];
  }

  /**
   * Store option value.
   *
   * @param {string} key
   * @param {object} value
   * @return {Command} `this` command for chaining
   */

  setOptionValue(key, value) {
    return this.setOptionValueWithSource(key, value, undefined);
  }

  /**
   * Store option value and where the value came from.
   *
   * @param {string} key
   * @param {object} value
   * @param {string} source - expected values are default/config/env/cli/implied
   * @return {Command} `this` command for chaining
   */

  setOptionValueWithSource(key, value, source) {
    if (this._storeOptionsAsProperties) {
      this[key] = value;
    } else {
      this._optionValues[key] = value;
    }
    this._optionValueSources[key] = source;
    return this;
  }

  /**
   * Get source of option value.
   * Expected values are default | config | env | cli | implied
   *
   * @param {string} key
   * @return {string}
   */

  getOptionValueSource(key) {
    return this._optionValueSources[key];
  }

  /**
   * Get source of option value. See also .optsWithGlobals().
   * Expected values are default | config | env | cli | implied
   *
   * @param {string} key
   * @return {string}
   */

  getOptionValueSourceWithGlobals(key) {
    // global overwrites local, like optsWithGlobals
    let source;
    this._getCommandAndAncestors().forEach((cmd) => {
      if (Object.hasOwn(cmd._optionValueSources, key)) {
        source = cmd.getOptionValueSource(key);
      }
    });
    return source;
  }

  /**
   * Get user arguments from implied or explicit arguments.
   * Side-effects: set _scriptPath if args included script. Used for default program name, and subcommand searches.
   *
   * @private
   */

  _prepareUserArgs(argv, parseOptions) {
    if (argv !== undefined && !Array.isArray(argv)) {
      throw new Error('first parameter to parse must be array or undefined');
    }
    parseOptions = parseOptions || {};

    // auto-detect argument conventions if nothing supplied
    if (argv === undefined && parseOptions.from === undefined) {
      if (__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.versions?.electron) {
        parseOptions.from = 'electron';
      }
      // check node specific options for scenarios where user CLI args follow executable without scriptname
      const execArgv = __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.execArgv ?? [];
      if (
        execArgv.includes('-e') ||
        execArgv.includes('--eval') ||
        execArgv.includes('-p') ||
        execArgv.includes('--print')
      ) {
        parseOptions.from = 'eval'; // internal usage, not documented
      }
    }

    // default to using process.argv
    if (argv === undefined) {
      argv = __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.argv;
    }
    this.rawArgs = argv.slice();

    // extract the user args and scriptPath
    let userArgs;
    switch (parseOptions.from) {
      case undefined:
      case 'node':
        this._scriptPath = argv[1];
        userArgs = argv.slice(2);
        break;
      case 'electron':
        // @ts-ignore: because defaultApp is an unknown property
        if (__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.defaultApp) {
          this._scriptPath = argv[1];
          userArgs = argv.slice(2);
        } else {
          userArgs = argv.slice(1);
        }
        break;
      case 'user':
        userArgs = argv.slice(0);
        break;
      case 'eval':
        userArgs = argv.slice(1);
        break;
      default:
        throw new Error(
          `unexpected parse option { from: '${parseOptions.from}' }`,
        );
    }

    // Find default name for program from arguments.
    if (!this._name && this._scriptPath)
      this.nameFromFilename(this._scriptPath);
    this._name = this._name || 'program';

    return userArgs;
  }

  /**
   * Parse `argv`, setting options and invoking commands when defined.
   *
   * Use parseAsync instead of parse if any of your action handlers are async.
   *
   * Call with no parameters to parse `process.argv`. Detects Electron and special node options like `node --eval`. Easy mode!
   *
   * Or call with an array of strings to parse, and optionally where the user arguments start by specifying where the arguments are `from`:
   * - `'node'`: default, `argv[0]` is the application and `argv[1]` is the script being run, with user arguments after that
   * - `'electron'`: `argv[0]` is the application and `argv[1]` varies depending on whether the electron application is packaged
   * - `'user'`: just user arguments
   *
   * @example
   * program.parse(); // parse process.argv and auto-detect electron and special node flags
   * program.parse(process.argv); // assume argv[0] is app and argv[1] is script
   * program.parse(my-args, { from: 'user' }); // just user supplied arguments, nothing special about argv[0]
   *
   * @param {string[]} [argv] - optional, defaults to process.argv
   * @param {object} [parseOptions] - optionally specify style of options with from: node/user/electron
   * @param {string} [parseOptions.from] - where the args are from: 'node', 'user', 'electron'
   * @return {Command} `this` command for chaining
   */

  parse(argv, parseOptions) {
    this._prepareForParse();
    const userArgs = this._prepareUserArgs(argv, parseOptions);
    this._parseCommand([], userArgs);

    return this;
  }

  /**
   * Parse `argv`, setting options and invoking commands when defined.
   *
   * Call with no parameters to parse `process.argv`. Detects Electron and special node options like `node --eval`. Easy mode!
   *
   * Or call with an array of strings to parse, and optionally where the user arguments start by specifying where the arguments are `from`:
   * - `'node'`: default, `argv[0]` is the application and `argv[1]` is the script being run, with user arguments after that
   * - `'electron'`: `argv[0]` is the application and `argv[1]` varies depending on whether the electron application is packaged
   * - `'user'`: just user arguments
   *
   * @example
   * await program.parseAsync(); // parse process.argv and auto-detect electron and special node flags
   * await program.parseAsync(process.argv); // assume argv[0] is app and argv[1] is script
   * await program.parseAsync(my-args, { from: 'user' }); // just user supplied arguments, nothing special about argv[0]
   *
   * @param {string[]} [argv]
   * @param {object} [parseOptions]
   * @param {string} parseOptions.from - where the args are from: 'node', 'user', 'electron'
   * @return {Promise}
   */

  async parseAsync(argv, parseOptions) {
    this._prepareForParse();
    const userArgs = this._prepareUserArgs(argv, parseOptions);
    await this._parseCommand([], userArgs);

    return this;
  }

  _prepareForParse() {
    // Save the state the first time, then restore the state before each subsequent parse.
    if (this._savedState === null) {
      // Do the special default of lone negated option to true, now that we have all the options.
      // Filter for negated options that have not been processed already.
      this.options
        .filter(
          (option) =>
            option.negate &&
            option.defaultValue === undefined &&
            this.getOptionValue(option.attributeName()) === undefined,
        )
        .forEach((option) => {
          // check for lone negated option: --no-foo without a --foo option
          const positiveLongFlag = option.long.replace(/^--no-/, '--');
          if (!this._findOption(positiveLongFlag)) {
            this.setOptionValueWithSource(
              option.attributeName(),
              true,
              'default',
            );
          }
        });

      this.saveStateBeforeParse();
    } else {
      this.restoreStateBeforeParse();
    }
  }

  /**
   * Called the first time parse is called to save state and allow a restore before subsequent calls to parse.
   * Not usually called directly, but available for subclasses to save their custom state.
   *
   * This is called in a lazy way. Only commands used in parsing chain will have state saved.
   */
  saveStateBeforeParse() {
    this._savedState = {
      // name is stable if supplied by author, but may be unspecified for root command and deduced during parsing
      _name: this._name,
      // option values before parse have default values (including false for negated options)
      // shallow clones
      _optionValues: { ...this._optionValues },
      _optionValueSources: { ...this._optionValueSources },
    };
  }

  /**
   * Restore state before parse for calls after the first.
   * Not usually called directly, but available for subclasses to save their custom state.
   *
   * This is called in a lazy way. Only commands used in parsing chain will have state restored.
   */
  restoreStateBeforeParse() {
    if (this._storeOptionsAsProperties)
      throw new Error(`Can not call parse again when storeOptionsAsProperties is true.
- either make a new Command for each call to parse, or stop storing options as properties`);

    // clear state from _prepareUserArgs
    this._name = this._savedState._name;
    this._scriptPath = null;
    this.rawArgs = [];
    // clear state from setOptionValueWithSource
    this._optionValues = { ...this._savedState._optionValues };
    this._optionValueSources = { ...this._savedState._optionValueSources };
    // clear state from _parseCommand
    this.args = [];
    // clear state from _processArguments
    this.processedArgs = [];
  }

  /**
   * Throw if expected executable is missing. Add lots of help for author.
   *
   * @param {string} executableFile
   * @param {string} executableDir
   * @param {string} subcommandName
   */
  _checkForMissingExecutable(executableFile, executableDir, subcommandName) {
    if (external_node_fs_["default"].existsSync(executableFile)) return;

    const executableDirMessage = executableDir
      ? `searched for local subcommand relative to directory '${executableDir}'`
      : 'no directory for search for local subcommand, use .executableDir() to supply a custom directory';
    const executableMissing = `'${executableFile}' does not exist
 - if '${subcommandName}' is not meant to be an executable command, remove description parameter from '.command()' and use '.description()' instead
 - if the default executable name is not suitable, use the executableFile option to supply a custom name or path
 - ${executableDirMessage}`;
    throw new Error(executableMissing);
  }

  /**
   * Execute a sub-command executable.
   *
   * @private
   */

  _executeSubCommand(subcommand, args) {
    args = args.slice();
    const sourceExt = ['.js', '.ts', '.tsx', '.mjs', '.cjs'];

    function findFile(baseDir, baseName) {
      // Look for specified file
      const localBin = __WEBPACK_EXTERNAL_MODULE_node_path_02319fef_default__.resolve(baseDir, baseName);
      if (external_node_fs_["default"].existsSync(localBin)) return localBin;

      // Stop looking if candidate already has an expected extension.
      if (sourceExt.includes(__WEBPACK_EXTERNAL_MODULE_node_path_02319fef_default__.extname(baseName))) return undefined;

      // Try all the extensions.
      const foundExt = sourceExt.find((ext) =>
        external_node_fs_["default"].existsSync(`${localBin}${ext}`),
      );
      if (foundExt) return `${localBin}${foundExt}`;

      return undefined;
    }

    // Not checking for help first. Unlikely to have mandatory and executable, and can't robustly test for help flags in external command.
    this._checkForMissingMandatoryOptions();
    this._checkForConflictingOptions();

    // executableFile and executableDir might be full path, or just a name
    let executableFile =
      subcommand._executableFile || `${this._name}-${subcommand._name}`;
    let executableDir = this._executableDir || '';
    if (this._scriptPath) {
      let resolvedScriptPath; // resolve possible symlink for installed npm binary
      try {
        resolvedScriptPath = external_node_fs_["default"].realpathSync(this._scriptPath);
      } catch {
        resolvedScriptPath = this._scriptPath;
      }
      executableDir = __WEBPACK_EXTERNAL_MODULE_node_path_02319fef_default__.resolve(
        __WEBPACK_EXTERNAL_MODULE_node_path_02319fef_default__.dirname(resolvedScriptPath),
        executableDir,
      );
    }

    // Look for a local file in preference to a command in PATH.
    if (executableDir) {
      let localFile = findFile(executableDir, executableFile);

      // Legacy search using prefix of script name instead of command name
      if (!localFile && !subcommand._executableFile && this._scriptPath) {
        const legacyName = __WEBPACK_EXTERNAL_MODULE_node_path_02319fef_default__.basename(
          this._scriptPath,
          __WEBPACK_EXTERNAL_MODULE_node_path_02319fef_default__.extname(this._scriptPath),
        );
        if (legacyName !== this._name) {
          localFile = findFile(
            executableDir,
            `${legacyName}-${subcommand._name}`,
          );
        }
      }
      executableFile = localFile || executableFile;
    }

    const launchWithNode = sourceExt.includes(__WEBPACK_EXTERNAL_MODULE_node_path_02319fef_default__.extname(executableFile));

    let proc;
    if (__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.platform !== 'win32') {
      if (launchWithNode) {
        args.unshift(executableFile);
        // add executable arguments to spawn
        args = incrementNodeInspectorPort(__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.execArgv).concat(args);

        proc = __WEBPACK_EXTERNAL_MODULE_node_child_process_7aa195c7_default__.spawn(__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.argv[0], args, { stdio: 'inherit' });
      } else {
        proc = __WEBPACK_EXTERNAL_MODULE_node_child_process_7aa195c7_default__.spawn(executableFile, args, { stdio: 'inherit' });
      }
    } else {
      this._checkForMissingExecutable(
        executableFile,
        executableDir,
        subcommand._name,
      );
      args.unshift(executableFile);
      // add executable arguments to spawn
      args = incrementNodeInspectorPort(__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.execArgv).concat(args);
      proc = __WEBPACK_EXTERNAL_MODULE_node_child_process_7aa195c7_default__.spawn(__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.execPath, args, { stdio: 'inherit' });
    }

    if (!proc.killed) {
      // testing mainly to avoid leak warnings during unit tests with mocked spawn
      const signals = ['SIGUSR1', 'SIGUSR2', 'SIGTERM', 'SIGINT', 'SIGHUP'];
      signals.forEach((signal) => {
        __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.on(signal, () => {
          if (proc.killed === false && proc.exitCode === null) {
            // @ts-ignore because signals not typed to known strings
            proc.kill(signal);
          }
        });
      });
    }

    // By default terminate process when spawned process terminates.
    const exitCallback = this._exitCallback;
    proc.on('close', (code) => {
      code = code ?? 1; // code is null if spawned process terminated due to a signal
      if (!exitCallback) {
        __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.exit(code);
      } else {
        exitCallback(
          new CommanderError(
            code,
            'commander.executeSubCommandAsync',
            '(close)',
          ),
        );
      }
    });
    proc.on('error', (err) => {
      // @ts-ignore: because err.code is an unknown property
      if (err.code === 'ENOENT') {
        this._checkForMissingExecutable(
          executableFile,
          executableDir,
          subcommand._name,
        );
        // @ts-ignore: because err.code is an unknown property
      } else if (err.code === 'EACCES') {
        throw new Error(`'${executableFile}' not executable`);
      }
      if (!exitCallback) {
        __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.exit(1);
      } else {
        const wrappedError = new CommanderError(
          1,
          'commander.executeSubCommandAsync',
          '(error)',
        );
        wrappedError.nestedError = err;
        exitCallback(wrappedError);
      }
    });

    // Store the reference to the child process
    this.runningCommand = proc;
  }

  /**
   * @private
   */

  _dispatchSubcommand(commandName, operands, unknown) {
    const subCommand = this._findCommand(commandName);
    if (!subCommand) this.help({ error: true });

    subCommand._prepareForParse();
    let promiseChain;
    promiseChain = this._chainOrCallSubCommandHook(
      promiseChain,
      subCommand,
      'preSubcommand',
    );
    promiseChain = this._chainOrCall(promiseChain, () => {
      if (subCommand._executableHandler) {
        this._executeSubCommand(subCommand, operands.concat(unknown));
      } else {
        return subCommand._parseCommand(operands, unknown);
      }
    });
    return promiseChain;
  }

  /**
   * Invoke help directly if possible, or dispatch if necessary.
   * e.g. help foo
   *
   * @private
   */

  _dispatchHelpCommand(subcommandName) {
    if (!subcommandName) {
      this.help();
    }
    const subCommand = this._findCommand(subcommandName);
    if (subCommand && !subCommand._executableHandler) {
      subCommand.help();
    }

    // Fallback to parsing the help flag to invoke the help.
    return this._dispatchSubcommand(
      subcommandName,
      [],
      [this._getHelpOption()?.long ?? this._getHelpOption()?.short ?? '--help'],
    );
  }

  /**
   * Check this.args against expected this.registeredArguments.
   *
   * @private
   */

  _checkNumberOfArguments() {
    // too few
    this.registeredArguments.forEach((arg, i) => {
      if (arg.required && this.args[i] == null) {
        this.missingArgument(arg.name());
      }
    });
    // too many
    if (
      this.registeredArguments.length > 0 &&
      this.registeredArguments[this.registeredArguments.length - 1].variadic
    ) {
      return;
    }
    if (this.args.length > this.registeredArguments.length) {
      this._excessArguments(this.args);
    }
  }

  /**
   * Process this.args using this.registeredArguments and save as this.processedArgs!
   *
   * @private
   */

  _processArguments() {
    const myParseArg = (argument, value, previous) => {
      // Extra processing for nice error message on parsing failure.
      let parsedValue = value;
      if (value !== null && argument.parseArg) {
        const invalidValueMessage = `error: command-argument value '${value}' is invalid for argument '${argument.name()}'.`;
        parsedValue = this._callParseArg(
          argument,
          value,
          previous,
          invalidValueMessage,
        );
      }
      return parsedValue;
    };

    this._checkNumberOfArguments();

    const processedArgs = [];
    this.registeredArguments.forEach((declaredArg, index) => {
      let value = declaredArg.defaultValue;
      if (declaredArg.variadic) {
        // Collect together remaining arguments for passing together as an array.
        if (index < this.args.length) {
          value = this.args.slice(index);
          if (declaredArg.parseArg) {
            value = value.reduce((processed, v) => {
              return myParseArg(declaredArg, v, processed);
            }, declaredArg.defaultValue);
          }
        } else if (value === undefined) {
          value = [];
        }
      } else if (index < this.args.length) {
        value = this.args[index];
        if (declaredArg.parseArg) {
          value = myParseArg(declaredArg, value, declaredArg.defaultValue);
        }
      }
      processedArgs[index] = value;
    });
    this.processedArgs = processedArgs;
  }

  /**
   * Once we have a promise we chain, but call synchronously until then.
   *
   * @param {(Promise|undefined)} promise
   * @param {Function} fn
   * @return {(Promise|undefined)}
   * @private
   */

  _chainOrCall(promise, fn) {
    // thenable
    if (promise?.then && typeof promise.then === 'function') {
      // already have a promise, chain callback
      return promise.then(() => fn());
    }
    // callback might return a promise
    return fn();
  }

  /**
   *
   * @param {(Promise|undefined)} promise
   * @param {string} event
   * @return {(Promise|undefined)}
   * @private
   */

  _chainOrCallHooks(promise, event) {
    let result = promise;
    const hooks = [];
    this._getCommandAndAncestors()
      .reverse()
      .filter((cmd) => cmd._lifeCycleHooks[event] !== undefined)
      .forEach((hookedCommand) => {
        hookedCommand._lifeCycleHooks[event].forEach((callback) => {
          hooks.push({ hookedCommand, callback });
        });
      });
    if (event === 'postAction') {
      hooks.reverse();
    }

    hooks.forEach((hookDetail) => {
      result = this._chainOrCall(result, () => {
        return hookDetail.callback(hookDetail.hookedCommand, this);
      });
    });
    return result;
  }

  /**
   *
   * @param {(Promise|undefined)} promise
   * @param {Command} subCommand
   * @param {string} event
   * @return {(Promise|undefined)}
   * @private
   */

  _chainOrCallSubCommandHook(promise, subCommand, event) {
    let result = promise;
    if (this._lifeCycleHooks[event] !== undefined) {
      this._lifeCycleHooks[event].forEach((hook) => {
        result = this._chainOrCall(result, () => {
          return hook(this, subCommand);
        });
      });
    }
    return result;
  }

  /**
   * Process arguments in context of this command.
   * Returns action result, in case it is a promise.
   *
   * @private
   */

  _parseCommand(operands, unknown) {
    const parsed = this.parseOptions(unknown);
    this._parseOptionsEnv(); // after cli, so parseArg not called on both cli and env
    this._parseOptionsImplied();
    operands = operands.concat(parsed.operands);
    unknown = parsed.unknown;
    this.args = operands.concat(unknown);

    if (operands && this._findCommand(operands[0])) {
      return this._dispatchSubcommand(operands[0], operands.slice(1), unknown);
    }
    if (
      this._getHelpCommand() &&
      operands[0] === this._getHelpCommand().name()
    ) {
      return this._dispatchHelpCommand(operands[1]);
    }
    if (this._defaultCommandName) {
      this._outputHelpIfRequested(unknown); // Run the help for default command from parent rather than passing to default command
      return this._dispatchSubcommand(
        this._defaultCommandName,
        operands,
        unknown,
      );
    }
    if (
      this.commands.length &&
      this.args.length === 0 &&
      !this._actionHandler &&
      !this._defaultCommandName
    ) {
      // probably missing subcommand and no handler, user needs help (and exit)
      this.help({ error: true });
    }

    this._outputHelpIfRequested(parsed.unknown);
    this._checkForMissingMandatoryOptions();
    this._checkForConflictingOptions();

    // We do not always call this check to avoid masking a "better" error, like unknown command.
    const checkForUnknownOptions = () => {
      if (parsed.unknown.length > 0) {
        this.unknownOption(parsed.unknown[0]);
      }
    };

    const commandEvent = `command:${this.name()}`;
    if (this._actionHandler) {
      checkForUnknownOptions();
      this._processArguments();

      let promiseChain;
      promiseChain = this._chainOrCallHooks(promiseChain, 'preAction');
      promiseChain = this._chainOrCall(promiseChain, () =>
        this._actionHandler(this.processedArgs),
      );
      if (this.parent) {
        promiseChain = this._chainOrCall(promiseChain, () => {
          this.parent.emit(commandEvent, operands, unknown); // legacy
        });
      }
      promiseChain = this._chainOrCallHooks(promiseChain, 'postAction');
      return promiseChain;
    }
    if (this.parent?.listenerCount(commandEvent)) {
      checkForUnknownOptions();
      this._processArguments();
      this.parent.emit(commandEvent, operands, unknown); // legacy
    } else if (operands.length) {
      if (this._findCommand('*')) {
        // legacy default command
        return this._dispatchSubcommand('*', operands, unknown);
      }
      if (this.listenerCount('command:*')) {
        // skip option check, emit event for possible misspelling suggestion
        this.emit('command:*', operands, unknown);
      } else if (this.commands.length) {
        this.unknownCommand();
      } else {
        checkForUnknownOptions();
        this._processArguments();
      }
    } else if (this.commands.length) {
      checkForUnknownOptions();
      // This command has subcommands and nothing hooked up at this level, so display help (and exit).
      this.help({ error: true });
    } else {
      checkForUnknownOptions();
      this._processArguments();
      // fall through for caller to handle after calling .parse()
    }
  }

  /**
   * Find matching command.
   *
   * @private
   * @return {Command | undefined}
   */
  _findCommand(name) {
    if (!name) return undefined;
    return this.commands.find(
      (cmd) => cmd._name === name || cmd._aliases.includes(name),
    );
  }

  /**
   * Return an option matching `arg` if any.
   *
   * @param {string} arg
   * @return {Option}
   * @package
   */

  _findOption(arg) {
    return this.options.find((option) => option.is(arg));
  }

  /**
   * Display an error message if a mandatory option does not have a value.
   * Called after checking for help flags in leaf subcommand.
   *
   * @private
   */

  _checkForMissingMandatoryOptions() {
    // Walk up hierarchy so can call in subcommand after checking for displaying help.
    this._getCommandAndAncestors().forEach((cmd) => {
      cmd.options.forEach((anOption) => {
        if (
          anOption.mandatory &&
          cmd.getOptionValue(anOption.attributeName()) === undefined
        ) {
          cmd.missingMandatoryOptionValue(anOption);
        }
      });
    });
  }

  /**
   * Display an error message if conflicting options are used together in this.
   *
   * @private
   */
  _checkForConflictingLocalOptions() {
    const definedNonDefaultOptions = this.options.filter((option) => {
      const optionKey = option.attributeName();
      if (this.getOptionValue(optionKey) === undefined) {
        return false;
      }
      return this.getOptionValueSource(optionKey) !== 'default';
    });

    const optionsWithConflicting = definedNonDefaultOptions.filter(
      (option) => option.conflictsWith.length > 0,
    );

    optionsWithConflicting.forEach((option) => {
      const conflictingAndDefined = definedNonDefaultOptions.find((defined) =>
        option.conflictsWith.includes(defined.attributeName()),
      );
      if (conflictingAndDefined) {
        this._conflictingOption(option, conflictingAndDefined);
      }
    });
  }

  /**
   * Display an error message if conflicting options are used together.
   * Called after checking for help flags in leaf subcommand.
   *
   * @private
   */
  _checkForConflictingOptions() {
    // Walk up hierarchy so can call in subcommand after checking for displaying help.
    this._getCommandAndAncestors().forEach((cmd) => {
      cmd._checkForConflictingLocalOptions();
    });
  }

  /**
   * Parse options from `argv` removing known options,
   * and return argv split into operands and unknown arguments.
   *
   * Side effects: modifies command by storing options. Does not reset state if called again.
   *
   * Examples:
   *
   *     argv => operands, unknown
   *     --known kkk op => [op], []
   *     op --known kkk => [op], []
   *     sub --unknown uuu op => [sub], [--unknown uuu op]
   *     sub -- --unknown uuu op => [sub --unknown uuu op], []
   *
   * @param {string[]} args
   * @return {{operands: string[], unknown: string[]}}
   */

  parseOptions(args) {
    const operands = []; // operands, not options or values
    const unknown = []; // first unknown option and remaining unknown args
    let dest = operands;

    function maybeOption(arg) {
      return arg.length > 1 && arg[0] === '-';
    }

    const negativeNumberArg = (arg) => {
      // return false if not a negative number
      if (!/^-(\d+|\d*\.\d+)([eE][+-]?\d+)?$/.test(arg)) return false;
      // negative number is ok unless digit used as an option in command hierarchy
      return !this._getCommandAndAncestors().some((cmd) =>
        cmd.options
          .map((opt) => opt.short)
          .some((short) => /^-\d$/.test(short)),
      );
    };

    // parse options
    let activeVariadicOption = null;
    let activeGroup = null; // working through group of short options, like -abc
    let i = 0;
    while (i < args.length || activeGroup) {
      const arg = activeGroup ?? args[i++];
      activeGroup = null;

      // literal
      if (arg === '--') {
        if (dest === unknown) dest.push(arg);
        dest.push(...args.slice(i));
        break;
      }

      if (
        activeVariadicOption &&
        (!maybeOption(arg) || negativeNumberArg(arg))
      ) {
        this.emit(`option:${activeVariadicOption.name()}`, arg);
        continue;
      }
      activeVariadicOption = null;

      if (maybeOption(arg)) {
        const option = this._findOption(arg);
        // recognised option, call listener to assign value with possible custom processing
        if (option) {
          if (option.required) {
            const value = args[i++];
            if (value === undefined) this.optionMissingArgument(option);
            this.emit(`option:${option.name()}`, value);
          } else if (option.optional) {
            let value = null;
            // historical behaviour is optional value is following arg unless an option
            if (
              i < args.length &&
              (!maybeOption(args[i]) || negativeNumberArg(args[i]))
            ) {
              value = args[i++];
            }
            this.emit(`option:${option.name()}`, value);
          } else {
            // boolean flag
            this.emit(`option:${option.name()}`);
          }
          activeVariadicOption = option.variadic ? option : null;
          continue;
        }
      }

      // Look for combo options following single dash, eat first one if known.
      if (arg.length > 2 && arg[0] === '-' && arg[1] !== '-') {
        const option = this._findOption(`-${arg[1]}`);
        if (option) {
          if (
            option.required ||
            (option.optional && this._combineFlagAndOptionalValue)
          ) {
            // option with value following in same argument
            this.emit(`option:${option.name()}`, arg.slice(2));
          } else {
            // boolean option
            this.emit(`option:${option.name()}`);
            // remove the processed option and keep processing group
            activeGroup = `-${arg.slice(2)}`;
          }
          continue;
        }
      }

      // Look for known long flag with value, like --foo=bar
      if (/^--[^=]+=/.test(arg)) {
        const index = arg.indexOf('=');
        const option = this._findOption(arg.slice(0, index));
        if (option && (option.required || option.optional)) {
          this.emit(`option:${option.name()}`, arg.slice(index + 1));
          continue;
        }
      }

      // Not a recognised option by this command.
      // Might be a command-argument, or subcommand option, or unknown option, or help command or option.

      // An unknown option means further arguments also classified as unknown so can be reprocessed by subcommands.
      // A negative number in a leaf command is not an unknown option.
      if (
        dest === operands &&
        maybeOption(arg) &&
        !(this.commands.length === 0 && negativeNumberArg(arg))
      ) {
        dest = unknown;
      }

      // If using positionalOptions, stop processing our options at subcommand.
      if (
        (this._enablePositionalOptions || this._passThroughOptions) &&
        operands.length === 0 &&
        unknown.length === 0
      ) {
        if (this._findCommand(arg)) {
          operands.push(arg);
          unknown.push(...args.slice(i));
          break;
        } else if (
          this._getHelpCommand() &&
          arg === this._getHelpCommand().name()
        ) {
          operands.push(arg, ...args.slice(i));
          break;
        } else if (this._defaultCommandName) {
          unknown.push(arg, ...args.slice(i));
          break;
        }
      }

      // If using passThroughOptions, stop processing options at first command-argument.
      if (this._passThroughOptions) {
        dest.push(arg, ...args.slice(i));
        break;
      }

      // add arg
      dest.push(arg);
    }

    return { operands, unknown };
  }

  /**
   * Return an object containing local option values as key-value pairs.
   *
   * @return {object}
   */
  opts() {
    if (this._storeOptionsAsProperties) {
      // Preserve original behaviour so backwards compatible when still using properties
      const result = {};
      const len = this.options.length;

      for (let i = 0; i < len; i++) {
        const key = this.options[i].attributeName();
        result[key] =
          key === this._versionOptionName ? this._version : this[key];
      }
      return result;
    }

    return this._optionValues;
  }

  /**
   * Return an object containing merged local and global option values as key-value pairs.
   *
   * @return {object}
   */
  optsWithGlobals() {
    // globals overwrite locals
    return this._getCommandAndAncestors().reduce(
      (combinedOptions, cmd) => Object.assign(combinedOptions, cmd.opts()),
      {},
    );
  }

  /**
   * Display error message and exit (or call exitOverride).
   *
   * @param {string} message
   * @param {object} [errorOptions]
   * @param {string} [errorOptions.code] - an id string representing the error
   * @param {number} [errorOptions.exitCode] - used with process.exit
   */
  error(message, errorOptions) {
    // output handling
    this._outputConfiguration.outputError(
      `${message}\n`,
      this._outputConfiguration.writeErr,
    );
    if (typeof this._showHelpAfterError === 'string') {
      this._outputConfiguration.writeErr(`${this._showHelpAfterError}\n`);
    } else if (this._showHelpAfterError) {
      this._outputConfiguration.writeErr('\n');
      this.outputHelp({ error: true });
    }

    // exit handling
    const config = errorOptions || {};
    const exitCode = config.exitCode || 1;
    const code = config.code || 'commander.error';
    this._exit(exitCode, code, message);
  }

  /**
   * Apply any option related environment variables, if option does
   * not have a value from cli or client code.
   *
   * @private
   */
  _parseOptionsEnv() {
    this.options.forEach((option) => {
      if (option.envVar && option.envVar in __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.env) {
        const optionKey = option.attributeName();
        // Priority check. Do not overwrite cli or options from unknown source (client-code).
        if (
          this.getOptionValue(optionKey) === undefined ||
          ['default', 'config', 'env'].includes(
            this.getOptionValueSource(optionKey),
          )
        ) {
          if (option.required || option.optional) {
            // option can take a value
            // keep very simple, optional always takes value
            this.emit(`optionEnv:${option.name()}`, __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.env[option.envVar]);
          } else {
            // boolean
            // keep very simple, only care that envVar defined and not the value
            this.emit(`optionEnv:${option.name()}`);
          }
        }
      }
    });
  }

  /**
   * Apply any implied option values, if option is undefined or default value.
   *
   * @private
   */
  _parseOptionsImplied() {
    const dualHelper = new DualOptions(this.options);
    const hasCustomOptionValue = (optionKey) => {
      return (
        this.getOptionValue(optionKey) !== undefined &&
        !['default', 'implied'].includes(this.getOptionValueSource(optionKey))
      );
    };
    this.options
      .filter(
        (option) =>
          option.implied !== undefined &&
          hasCustomOptionValue(option.attributeName()) &&
          dualHelper.valueFromOption(
            this.getOptionValue(option.attributeName()),
            option,
          ),
      )
      .forEach((option) => {
        Object.keys(option.implied)
          .filter((impliedKey) => !hasCustomOptionValue(impliedKey))
          .forEach((impliedKey) => {
            this.setOptionValueWithSource(
              impliedKey,
              option.implied[impliedKey],
              'implied',
            );
          });
      });
  }

  /**
   * Argument `name` is missing.
   *
   * @param {string} name
   * @private
   */

  missingArgument(name) {
    const message = `error: missing required argument '${name}'`;
    this.error(message, { code: 'commander.missingArgument' });
  }

  /**
   * `Option` is missing an argument.
   *
   * @param {Option} option
   * @private
   */

  optionMissingArgument(option) {
    const message = `error: option '${option.flags}' argument missing`;
    this.error(message, { code: 'commander.optionMissingArgument' });
  }

  /**
   * `Option` does not have a value, and is a mandatory option.
   *
   * @param {Option} option
   * @private
   */

  missingMandatoryOptionValue(option) {
    const message = `error: required option '${option.flags}' not specified`;
    this.error(message, { code: 'commander.missingMandatoryOptionValue' });
  }

  /**
   * `Option` conflicts with another option.
   *
   * @param {Option} option
   * @param {Option} conflictingOption
   * @private
   */
  _conflictingOption(option, conflictingOption) {
    // The calling code does not know whether a negated option is the source of the
    // value, so do some work to take an educated guess.
    const findBestOptionFromValue = (option) => {
      const optionKey = option.attributeName();
      const optionValue = this.getOptionValue(optionKey);
      const negativeOption = this.options.find(
        (target) => target.negate && optionKey === target.attributeName(),
      );
      const positiveOption = this.options.find(
        (target) => !target.negate && optionKey === target.attributeName(),
      );
      if (
        negativeOption &&
        ((negativeOption.presetArg === undefined && optionValue === false) ||
          (negativeOption.presetArg !== undefined &&
            optionValue === negativeOption.presetArg))
      ) {
        return negativeOption;
      }
      return positiveOption || option;
    };

    const getErrorMessage = (option) => {
      const bestOption = findBestOptionFromValue(option);
      const optionKey = bestOption.attributeName();
      const source = this.getOptionValueSource(optionKey);
      if (source === 'env') {
        return `environment variable '${bestOption.envVar}'`;
      }
      return `option '${bestOption.flags}'`;
    };

    const message = `error: ${getErrorMessage(option)} cannot be used with ${getErrorMessage(conflictingOption)}`;
    this.error(message, { code: 'commander.conflictingOption' });
  }

  /**
   * Unknown option `flag`.
   *
   * @param {string} flag
   * @private
   */

  unknownOption(flag) {
    if (this._allowUnknownOption) return;
    let suggestion = '';

    if (flag.startsWith('--') && this._showSuggestionAfterError) {
      // Looping to pick up the global options too
      let candidateFlags = [];
      // eslint-disable-next-line @typescript-eslint/no-this-alias
      let command = this;
      do {
        const moreFlags = command
          .createHelp()
          .visibleOptions(command)
          .filter((option) => option.long)
          .map((option) => option.long);
        candidateFlags = candidateFlags.concat(moreFlags);
        command = command.parent;
      } while (command && !command._enablePositionalOptions);
      suggestion = suggestSimilar(flag, candidateFlags);
    }

    const message = `error: unknown option '${flag}'${suggestion}`;
    this.error(message, { code: 'commander.unknownOption' });
  }

  /**
   * Excess arguments, more than expected.
   *
   * @param {string[]} receivedArgs
   * @private
   */

  _excessArguments(receivedArgs) {
    if (this._allowExcessArguments) return;

    const expected = this.registeredArguments.length;
    const s = expected === 1 ? '' : 's';
    const received = receivedArgs.length;
    const forSubcommand = this.parent ? ` for '${this.name()}'` : '';
    const details = receivedArgs.join(', ');
    const message = `error: too many arguments${forSubcommand}. Expected ${expected} argument${s} but got ${received}: ${details}.`;
    this.error(message, { code: 'commander.excessArguments' });
  }

  /**
   * Unknown command.
   *
   * @private
   */

  unknownCommand() {
    const unknownName = this.args[0];
    let suggestion = '';

    if (this._showSuggestionAfterError) {
      const candidateNames = [];
      this.createHelp()
        .visibleCommands(this)
        .forEach((command) => {
          candidateNames.push(command.name());
          // just visible alias
          if (command.alias()) candidateNames.push(command.alias());
        });
      suggestion = suggestSimilar(unknownName, candidateNames);
    }

    const message = `error: unknown command '${unknownName}'${suggestion}`;
    this.error(message, { code: 'commander.unknownCommand' });
  }

  /**
   * Get or set the program version.
   *
   * This method auto-registers the "-V, --version" option which will print the version number.
   *
   * You can optionally supply the flags and description to override the defaults.
   *
   * @param {string} [str]
   * @param {string} [flags]
   * @param {string} [description]
   * @return {(this | string | undefined)} `this` command for chaining, or version string if no arguments
   */

  version(str, flags, description) {
    if (str === undefined) return this._version;
    this._version = str;
    flags = flags || '-V, --version';
    description = description || 'output the version number';
    const versionOption = this.createOption(flags, description);
    this._versionOptionName = versionOption.attributeName();
    this._registerOption(versionOption);

    this.on('option:' + versionOption.name(), () => {
      this._outputConfiguration.writeOut(`${str}\n`);
      this._exit(0, 'commander.version', str);
    });
    return this;
  }

  /**
   * Set the description.
   *
   * @param {string} [str]
   * @param {object} [argsDescription]
   * @return {(string|Command)}
   */
  description(str, argsDescription) {
    if (str === undefined && argsDescription === undefined)
      return this._description;
    this._description = str;
    if (argsDescription) {
      this._argsDescription = argsDescription;
    }
    return this;
  }

  /**
   * Set the summary. Used when listed as subcommand of parent.
   *
   * @param {string} [str]
   * @return {(string|Command)}
   */
  summary(str) {
    if (str === undefined) return this._summary;
    this._summary = str;
    return this;
  }

  /**
   * Set an alias for the command.
   *
   * You may call more than once to add multiple aliases. Only the first alias is shown in the auto-generated help.
   *
   * @param {string} [alias]
   * @return {(string|Command)}
   */

  alias(alias) {
    if (alias === undefined) return this._aliases[0]; // just return first, for backwards compatibility

    /** @type {Command} */
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    let command = this;
    if (
      this.commands.length !== 0 &&
      this.commands[this.commands.length - 1]._executableHandler
    ) {
      // assume adding alias for last added executable subcommand, rather than this
      command = this.commands[this.commands.length - 1];
    }

    if (alias === command._name)
      throw new Error("Command alias can't be the same as its name");
    const matchingCommand = this.parent?._findCommand(alias);
    if (matchingCommand) {
      // c.f. _registerCommand
      const existingCmd = [matchingCommand.name()]
        .concat(matchingCommand.aliases())
        .join('|');
      throw new Error(
        `cannot add alias '${alias}' to command '${this.name()}' as already have command '${existingCmd}'`,
      );
    }

    command._aliases.push(alias);
    return this;
  }

  /**
   * Set aliases for the command.
   *
   * Only the first alias is shown in the auto-generated help.
   *
   * @param {string[]} [aliases]
   * @return {(string[]|Command)}
   */

  aliases(aliases) {
    // Getter for the array of aliases is the main reason for having aliases() in addition to alias().
    if (aliases === undefined) return this._aliases;

    aliases.forEach((alias) => this.alias(alias));
    return this;
  }

  /**
   * Set / get the command usage `str`.
   *
   * @param {string} [str]
   * @return {(string|Command)}
   */

  usage(str) {
    if (str === undefined) {
      if (this._usage) return this._usage;

      const args = this.registeredArguments.map((arg) => {
        return humanReadableArgName(arg);
      });
      return []
        .concat(
          this.options.length || this._helpOption !== null ? '[options]' : [],
          this.commands.length ? '[command]' : [],
          this.registeredArguments.length ? args : [],
        )
        .join(' ');
    }

    this._usage = str;
    return this;
  }

  /**
   * Get or set the name of the command.
   *
   * @param {string} [str]
   * @return {(string|Command)}
   */

  name(str) {
    if (str === undefined) return this._name;
    this._name = str;
    return this;
  }

  /**
   * Set/get the help group heading for this subcommand in parent command's help.
   *
   * @param {string} [heading]
   * @return {Command | string}
   */

  helpGroup(heading) {
    if (heading === undefined) return this._helpGroupHeading ?? '';
    this._helpGroupHeading = heading;
    return this;
  }

  /**
   * Set/get the default help group heading for subcommands added to this command.
   * (This does not override a group set directly on the subcommand using .helpGroup().)
   *
   * @example
   * program.commandsGroup('Development Commands:');
   * program.command('watch')...
   * program.command('lint')...
   * ...
   *
   * @param {string} [heading]
   * @returns {Command | string}
   */
  commandsGroup(heading) {
    if (heading === undefined) return this._defaultCommandGroup ?? '';
    this._defaultCommandGroup = heading;
    return this;
  }

  /**
   * Set/get the default help group heading for options added to this command.
   * (This does not override a group set directly on the option using .helpGroup().)
   *
   * @example
   * program
   *   .optionsGroup('Development Options:')
   *   .option('-d, --debug', 'output extra debugging')
   *   .option('-p, --profile', 'output profiling information')
   *
   * @param {string} [heading]
   * @returns {Command | string}
   */
  optionsGroup(heading) {
    if (heading === undefined) return this._defaultOptionGroup ?? '';
    this._defaultOptionGroup = heading;
    return this;
  }

  /**
   * @param {Option} option
   * @private
   */
  _initOptionGroup(option) {
    if (this._defaultOptionGroup && !option.helpGroupHeading)
      option.helpGroup(this._defaultOptionGroup);
  }

  /**
   * @param {Command} cmd
   * @private
   */
  _initCommandGroup(cmd) {
    if (this._defaultCommandGroup && !cmd.helpGroup())
      cmd.helpGroup(this._defaultCommandGroup);
  }

  /**
   * Set the name of the command from script filename, such as process.argv[1],
   * or import.meta.filename.
   *
   * (Used internally and public although not documented in README.)
   *
   * @example
   * program.nameFromFilename(import.meta.filename);
   *
   * @param {string} filename
   * @return {Command}
   */

  nameFromFilename(filename) {
    this._name = __WEBPACK_EXTERNAL_MODULE_node_path_02319fef_default__.basename(filename, __WEBPACK_EXTERNAL_MODULE_node_path_02319fef_default__.extname(filename));

    return this;
  }

  /**
   * Get or set the directory for searching for executable subcommands of this command.
   *
   * @example
   * program.executableDir(import.meta.dirname);
   * // or
   * program.executableDir('subcommands');
   *
   * @param {string} [path]
   * @return {(string|null|Command)}
   */

  executableDir(path) {
    if (path === undefined) return this._executableDir;
    this._executableDir = path;
    return this;
  }

  /**
   * Return program help documentation.
   *
   * @param {{ error: boolean }} [contextOptions] - pass {error:true} to wrap for stderr instead of stdout
   * @return {string}
   */

  helpInformation(contextOptions) {
    const helper = this.createHelp();
    const context = this._getOutputContext(contextOptions);
    helper.prepareContext({
      error: context.error,
      helpWidth: context.helpWidth,
      outputHasColors: context.hasColors,
    });
    const text = helper.formatHelp(this, helper);
    if (context.hasColors) return text;
    return this._outputConfiguration.stripColor(text);
  }

  /**
   * @typedef HelpContext
   * @type {object}
   * @property {boolean} error
   * @property {number} helpWidth
   * @property {boolean} hasColors
   * @property {function} write - includes stripColor if needed
   *
   * @returns {HelpContext}
   * @private
   */

  _getOutputContext(contextOptions) {
    contextOptions = contextOptions || {};
    const error = !!contextOptions.error;
    let baseWrite;
    let hasColors;
    let helpWidth;
    if (error) {
      baseWrite = (str) => this._outputConfiguration.writeErr(str);
      hasColors = this._outputConfiguration.getErrHasColors();
      helpWidth = this._outputConfiguration.getErrHelpWidth();
    } else {
      baseWrite = (str) => this._outputConfiguration.writeOut(str);
      hasColors = this._outputConfiguration.getOutHasColors();
      helpWidth = this._outputConfiguration.getOutHelpWidth();
    }
    const write = (str) => {
      if (!hasColors) str = this._outputConfiguration.stripColor(str);
      return baseWrite(str);
    };
    return { error, write, hasColors, helpWidth };
  }

  /**
   * Output help information for this command.
   *
   * Outputs built-in help, and custom text added using `.addHelpText()`.
   *
   * @param {{ error: boolean } | Function} [contextOptions] - pass {error:true} to write to stderr instead of stdout
   */

  outputHelp(contextOptions) {
    let deprecatedCallback;
    if (typeof contextOptions === 'function') {
      deprecatedCallback = contextOptions;
      contextOptions = undefined;
    }

    const outputContext = this._getOutputContext(contextOptions);
    /** @type {HelpTextEventContext} */
    const eventContext = {
      error: outputContext.error,
      write: outputContext.write,
      command: this,
    };

    this._getCommandAndAncestors()
      .reverse()
      .forEach((command) => command.emit('beforeAllHelp', eventContext));
    this.emit('beforeHelp', eventContext);

    let helpInformation = this.helpInformation({ error: outputContext.error });
    if (deprecatedCallback) {
      helpInformation = deprecatedCallback(helpInformation);
      if (
        typeof helpInformation !== 'string' &&
        !Buffer.isBuffer(helpInformation)
      ) {
        throw new Error('outputHelp callback must return a string or a Buffer');
      }
    }
    outputContext.write(helpInformation);

    if (this._getHelpOption()?.long) {
      this.emit(this._getHelpOption().long); // deprecated
    }
    this.emit('afterHelp', eventContext);
    this._getCommandAndAncestors().forEach((command) =>
      command.emit('afterAllHelp', eventContext),
    );
  }

  /**
   * You can pass in flags and a description to customise the built-in help option.
   * Pass in false to disable the built-in help option.
   *
   * @example
   * program.helpOption('-?, --help', 'show help'); // customise
   * program.helpOption(false); // disable
   *
   * @param {(string | boolean)} flags
   * @param {string} [description]
   * @return {Command} `this` command for chaining
   */

  helpOption(flags, description) {
    // Support enabling/disabling built-in help option.
    if (typeof flags === 'boolean') {
      if (flags) {
        if (this._helpOption === null) this._helpOption = undefined; // reenable
        if (this._defaultOptionGroup) {
          // make the option to store the group
          this._initOptionGroup(this._getHelpOption());
        }
      } else {
        this._helpOption = null; // disable
      }
      return this;
    }

    // Customise flags and description.
    this._helpOption = this.createOption(
      flags ?? '-h, --help',
      description ?? 'display help for command',
    );
    // init group unless lazy create
    if (flags || description) this._initOptionGroup(this._helpOption);

    return this;
  }

  /**
   * Lazy create help option.
   * Returns null if has been disabled with .helpOption(false).
   *
   * @returns {(Option | null)} the help option
   * @package
   */
  _getHelpOption() {
    // Lazy create help option on demand.
    if (this._helpOption === undefined) {
      this.helpOption(undefined, undefined);
    }
    return this._helpOption;
  }

  /**
   * Supply your own option to use for the built-in help option.
   * This is an alternative to using helpOption() to customise the flags and description etc.
   *
   * @param {Option} option
   * @return {Command} `this` command for chaining
   */
  addHelpOption(option) {
    this._helpOption = option;
    this._initOptionGroup(option);
    return this;
  }

  /**
   * Output help information and exit.
   *
   * Outputs built-in help, and custom text added using `.addHelpText()`.
   *
   * @param {{ error: boolean }} [contextOptions] - pass {error:true} to write to stderr instead of stdout
   */

  help(contextOptions) {
    this.outputHelp(contextOptions);
    let exitCode = Number(__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.exitCode ?? 0); // process.exitCode does allow a string or an integer, but we prefer just a number
    if (
      exitCode === 0 &&
      contextOptions &&
      typeof contextOptions !== 'function' &&
      contextOptions.error
    ) {
      exitCode = 1;
    }
    // message: do not have all displayed text available so only passing placeholder.
    this._exit(exitCode, 'commander.help', '(outputHelp)');
  }

  /**
   * // Do a little typing to coordinate emit and listener for the help text events.
   * @typedef HelpTextEventContext
   * @type {object}
   * @property {boolean} error
   * @property {Command} command
   * @property {function} write
   */

  /**
   * Add additional text to be displayed with the built-in help.
   *
   * Position is 'before' or 'after' to affect just this command,
   * and 'beforeAll' or 'afterAll' to affect this command and all its subcommands.
   *
   * @param {string} position - before or after built-in help
   * @param {(string | Function)} text - string to add, or a function returning a string
   * @return {Command} `this` command for chaining
   */

  addHelpText(position, text) {
    const allowedValues = ['beforeAll', 'before', 'after', 'afterAll'];
    if (!allowedValues.includes(position)) {
      throw new Error(`Unexpected value for position to addHelpText.
Expecting one of '${allowedValues.join("', '")}'`);
    }

    const helpEvent = `${position}Help`;
    this.on(helpEvent, (/** @type {HelpTextEventContext} */ context) => {
      let helpStr;
      if (typeof text === 'function') {
        helpStr = text({ error: context.error, command: context.command });
      } else {
        helpStr = text;
      }
      // Ignore falsy value when nothing to output.
      if (helpStr) {
        context.write(`${helpStr}\n`);
      }
    });
    return this;
  }

  /**
   * Output help information if help flags specified
   *
   * @param {Array} args - array of options to search for help flags
   * @private
   */

  _outputHelpIfRequested(args) {
    const helpOption = this._getHelpOption();
    const helpRequested = helpOption && args.find((arg) => helpOption.is(arg));
    if (helpRequested) {
      this.outputHelp();
      // (Do not have all displayed text available so only passing placeholder.)
      this._exit(0, 'commander.helpDisplayed', '(outputHelp)');
    }
  }
}

/**
 * Scan arguments and increment port number for inspect calls (to avoid conflicts when spawning new command).
 *
 * @param {string[]} args - array of arguments from node.execArgv
 * @returns {string[]}
 * @private
 */

function incrementNodeInspectorPort(args) {
  // Testing for these options:
  //  --inspect[=[host:]port]
  //  --inspect-brk[=[host:]port]
  //  --inspect-wait[=[host:]port]
  //  --inspect-port=[host:]port
  //
  // Host can be an IP literal encapsulated within square brackets (e.g. [::1]),
  // an IPv4 address in dotted-decimal form (e.g. 192.168.0.1), or a registered name.
  // https://www.rfc-editor.org/rfc/rfc3986.html#section-3.2.2
  return args.map((arg) => {
    if (!arg.startsWith('--inspect')) {
      return arg;
    }
    let debugOption;
    let debugHost = '127.0.0.1';
    let debugPort = '9229';
    let match;
    if ((match = arg.match(/^(--inspect(-brk|-wait)?)$/)) !== null) {
      // e.g. --inspect
      debugOption = match[1];
    } else if (
      (match = arg.match(
        /^(--inspect(-brk|-port|-wait)?)=(\[[^\]]+\]|[^:]+)$/,
      )) !== null
    ) {
      // Matches a host or a port, but not both. No colon to separate them.
      debugOption = match[1];
      if (/^\d+$/.test(match[3])) {
        // Plain digits so a port number.
        // e.g. --inspect=1234
        debugPort = match[3];
      } else {
        // Assume a host.
        // e.g. --inspect=localhost, --inspect=[::1], --inspect=192.168.0.1
        debugHost = match[3];
      }
    } else if (
      (match = arg.match(
        /^(--inspect(-brk|-port|-wait)?)=(\[[^\]]+\]|[^:]+):(\d+)$/,
      )) !== null
    ) {
      // Matched host:port pattern.
      // e.g. --inspect=localhost:1234, --inspect=[::1]:1234, --inspect=192.168.0.1:1234
      debugOption = match[1];
      debugHost = match[3];
      debugPort = match[4];
    }

    if (debugOption && debugPort !== '0') {
      return `${debugOption}=${debugHost}:${parseInt(debugPort) + 1}`;
    }
    return arg;
  });
}

/**
 * Exported for using from tests, not otherwise used outside this file.
 *
 * @returns {boolean | undefined}
 * @package
 */
function useColor() {
  // Test for common conventions.
  // NB: the observed behaviour is in combination with how author adds color! For example:
  //   - we do not test NODE_DISABLE_COLORS, but util:styletext does
  //   - we do test NO_COLOR, but Chalk does not
  //
  // References:
  // https://no-color.org
  // https://bixense.com/clicolors/
  // https://github.com/nodejs/node/blob/0a00217a5f67ef4a22384cfc80eb6dd9a917fdc1/lib/internal/tty.js#L109
  // https://github.com/chalk/supports-color/blob/c214314a14bcb174b12b3014b2b0a8de375029ae/index.js#L33
  // (https://force-color.org recent web page from 2023, does not match major javascript implementations)

  if (
    __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.env.NO_COLOR ||
    __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.env.FORCE_COLOR === '0' ||
    __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.env.FORCE_COLOR === 'false'
  )
    return false;
  if (__WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.env.FORCE_COLOR || __WEBPACK_EXTERNAL_MODULE_node_process_8d178d73_default__.env.CLICOLOR_FORCE !== undefined)
    return true;
  return undefined;
}

;// ./node_modules/commander/index.js
/* unused harmony import specifier */ var commander_Argument;
/* unused harmony import specifier */ var commander_Command;
/* unused harmony import specifier */ var commander_Option;






const program = new Command();

const createCommand = (name) => new commander_Command(name);
const createOption = (flags, description) =>
  new commander_Option(flags, description);
const createArgument = (name, description) =>
  new commander_Argument(name, description);

/**
 * Expose classes
 */





;// ./client/cli/own-settings.ts
/* unused harmony import specifier */ var readFile;
/* unused harmony import specifier */ var mkdir;
/* unused harmony import specifier */ var writeFile;
/* unused harmony import specifier */ var rename;
/* unused harmony import specifier */ var rm;
/* unused harmony import specifier */ var join;
/* unused harmony import specifier */ var dirname;
/* unused harmony import specifier */ var whyUnreadable;
/* unused harmony import specifier */ var usageFailure;




                                  

/** What `slipway use` keeps for the person at this machine. No secret is in it. */
                              
                   
                   
                       
 

const own_settings_names = (/* unused pure expression or super */ null && (['gateway', 'service', 'environment']))         ;

/** By the convention for settings of one person: https://specifications.freedesktop.org/basedir-spec/latest. Undefined where there is no home. */
function settingsFile({ env }                 )                     {
  const home = env['XDG_CONFIG_HOME'] ?? (env['HOME'] ? join(env['HOME'], '.config') : undefined);
  return home ? join(home, 'slipway', 'use.json') : undefined;
}

/** Nothing where nothing was kept. Throws a usage failure for a file that cannot be read: what is meant by it is not guessed. */
async function readSettings(io                 )                       {
  const file = settingsFile(io);
  if (!file) return {};
  const text = await readFile(file, 'utf8').catch((error                       ) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw own_settings_unreadable(file, whyUnreadable(error));
  });
  if (text === undefined) return {};
  const settings = own_settings_parsed(text);
  if (!settings) throw own_settings_unreadable(file, 'it is not what `slipway use` has written');
  return settings;
}

/** Written beside and renamed: whoever reads it meanwhile finds the old one or the new one. */
async function writeSettings(io                 , settings             )                  {
  const file = settingsFile(io);
  if (!file) throw usageFailure('there is no place for your settings', 'Set HOME or XDG_CONFIG_HOME.');
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw usageFailure(`${file} cannot be written: ${whyUnreadable(error)}`, 'Nothing was changed.');
  }
  return file;
}

function own_settings_parsed(text        )                          {
  try {
    const known = JSON.parse(text)                                  ;
    if (typeof known !== 'object' || known === null || Array.isArray(known)) return undefined;
    const entries = own_settings_names.flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]]         ]));
    return entries.every(([, value]) => typeof value === 'string') ? Object.fromEntries(entries) : undefined;
  } catch {
    return undefined;
  }
}

function own_settings_unreadable(file        , why        ) {
  return usageFailure(`${file} cannot be read: ${why}`, 'Remove it, or say `slipway use` again.');
}

;// ./client/cli/login/kept.ts
/* unused harmony import specifier */ var kept_readFile;
/* unused harmony import specifier */ var kept_mkdir;
/* unused harmony import specifier */ var kept_writeFile;
/* unused harmony import specifier */ var kept_rename;
/* unused harmony import specifier */ var kept_rm;
/* unused harmony import specifier */ var kept_join;
/* unused harmony import specifier */ var kept_dirname;
/* unused harmony import specifier */ var kept_whyUnreadable;
/* unused harmony import specifier */ var kept_usageFailure;
/* unused harmony import specifier */ var kept_settingsFile;




                                   


/** What `slipway login` keeps for one gateway. Secrets are in it. */
                        
                 
                   
                  
                                    
                    
                                                                        
                        
 

                           
                                    

async function keptLogin(io     , gateway        )                             {
  const logins = await readLogins(io);
  return Object.hasOwn(logins, gateway) ? logins[gateway] : undefined;
}

/** `undefined`: nothing is kept of that gateway any more. */
async function keepLogin(io     , gateway        , login                   )                {
  const { [gateway]: _before, ...others } = await readLogins(io);
  await writeLogins(io, { ...others, ...(login && { [gateway]: login }) });
}

function fileOf(io     )                     {
  const settings = kept_settingsFile(io);
  return settings && kept_join(kept_dirname(settings), 'logins.json');
}

async function readLogins(io     )                  {
  const file = fileOf(io);
  if (!file) return {};
  const text = await kept_readFile(file, 'utf8').catch((error                       ) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '{}';
    throw kept_unreadable(file, kept_whyUnreadable(error));
  });
  const logins = kept_parsed(text);
  if (!logins) throw kept_unreadable(file, 'it is not what `slipway login` has written');
  return logins;
}

/** Written beside and renamed, readable by nobody else from the first byte on. */
async function writeLogins(io     , logins        )                {
  const file = fileOf(io);
  if (!file) throw kept_usageFailure('there is no place to keep a login', 'Set HOME or XDG_CONFIG_HOME.');
  const draft = `${file}.${process.pid}`;
  try {
    await kept_mkdir(kept_dirname(file), { recursive: true, mode: 0o700 });
    await kept_writeFile(draft, `${JSON.stringify(logins, undefined, 2)}\n`, { mode: 0o600 });
    await kept_rename(draft, file);
  } catch (error) {
    await kept_rm(draft, { force: true }).catch(() => undefined);
    throw kept_usageFailure(`${file} cannot be written: ${kept_whyUnreadable(error)}`, 'Nothing was changed.');
  }
}

function kept_parsed(text        )                     {
  try {
    const known = JSON.parse(text)           ;
    if (typeof known !== 'object' || known === null || Array.isArray(known)) return undefined;
    return Object.values(known).every(isLogin) ? (known          ) : undefined;
  } catch {
    return undefined;
  }
}

function isLogin(value         )                 {
  const { issuer, clientId, idToken, expiresAt, refreshToken = '' } = (value ?? {})                  ;
  const texts            = [issuer, clientId, idToken, refreshToken];
  return texts.every((one) => typeof one === 'string') && typeof expiresAt === 'number';
}

function kept_unreadable(file        , why        ) {
  return kept_usageFailure(`${file} cannot be read: ${why}`, 'Remove it, and log in again: slipway login.');
}

;// ./client/cli/login/bearer.ts
/* unused harmony import specifier */ var refusedFailure;
/* unused harmony import specifier */ var isInterrupted;
/* unused harmony import specifier */ var bearer_keptLogin;
/* unused harmony import specifier */ var bearer_keepLogin;

                                   


/** ms before its end in which a token is replaced: one that ends on the way is good for nothing. */
const early = 30_000;

/** What gives the token for each request, from the login that is kept for that gateway. Undefined where there is none. */
async function bearerOfLogin(
  io                         ,
  gateway        ,
)                                               {
  const first = await bearer_keptLogin(io, gateway);
  if (!first) return undefined;
  let login = first;
  return async () => {
    if (login.expiresAt - early <= io.now()) login = await renewed(io, gateway, login);
    return login.idToken;
  };
}

async function renewed(io                         , gateway        , old       )                 {
  // Another command may have done it meanwhile, and a refresh token may be good once.
  const kept = await bearer_keptLogin(io, gateway);
  if (kept && kept.expiresAt - early > io.now()) return kept;
  const { refreshToken } = kept ?? old;
  if (!kept || refreshToken === undefined) throw refusedFailure('your login has ended', 'Log in again: slipway login.');
  const { refreshed } = await Promise.all(/* import() */[__webpack_require__.e("vendors-node_modules_openid-client_build_index_js"), __webpack_require__.e("client_cli_login_provider_ts")]).then(() => (__webpack_require__("./client/cli/login/provider.ts")));
  try {
    const login = await refreshed({ ...kept, refreshToken });
    await bearer_keepLogin(io, gateway, login);
    return login;
  } catch (error) {
    const now = await bearer_keptLogin(io, gateway);
    if (!isInterrupted(error) && now && now.idToken !== kept.idToken) return now;
    throw error;
  }
}

;// ./client/cli/connect.ts
/* unused harmony import specifier */ var connect_readFile;
/* unused harmony import specifier */ var resolve;
/* unused harmony import specifier */ var connect_Option;
/* unused harmony import specifier */ var connect_whyUnreadable;
/* unused harmony import specifier */ var connect_readSettings;
/* unused harmony import specifier */ var connect_usageFailure;
/* unused harmony import specifier */ var connect_bearerOfLogin;
/* unused harmony import specifier */ var connect_createGatewayClient;




                                    





/** Options of every command that talks to the gateway. */
                                 
                   
                     
                 
 

function withGateway(command         )          {
  return command
    .option('--gateway <url>', 'address of the gateway (default: SLIPWAY_GATEWAY, or what `slipway use` keeps)')
    .option('--token-file <file>', 'file that holds your token (default: SLIPWAY_TOKEN, or your login)')
    .option('--json', 'one JSON document on stdout, for programs');
}

/** Of a command that talks to nobody, beside others that do: what is given to those is taken, and not used. */
function withoutGateway(command         )          {
  const unused = ['--gateway <url>', '--token-file <file>'];
  for (const flags of unused) command.addOption(new connect_Option(flags, 'not used: nobody is asked').hideHelp());
  return command.option('--json', 'one JSON document on stdout, for programs');
}

/** A client for the gateway named by the options or the environment. Throws a usage failure when there is no address or no token. */
async function connect(cli     , options                )                         {
  const url = await gatewayMeant(cli, options);
  const given = await tokenGiven(cli, options);
  const token = given ?? (await connect_bearerOfLogin(cli.io, url));
  if (token === undefined) throw connect_usageFailure('there is no token', connect_noToken);
  return connect_createGatewayClient({ url, token, ...heardBy(cli) });
}

/** The same by the login alone, whatever else is given. */
async function connectByLogin(cli     , options                )                         {
  const url = await gatewayMeant(cli, options);
  const token = await connect_bearerOfLogin(cli.io, url);
  if (token === undefined) throw connect_usageFailure('you are not logged in there', connect_noToken);
  return connect_createGatewayClient({ url, token, ...heardBy(cli) });
}

/** The same without a token, for what everybody may ask. */
async function connectAnonymously(cli     , options                )                         {
  return connect_createGatewayClient({ url: await gatewayMeant(cli, options), ...heardBy(cli) });
}

function heardBy(cli     ) {
  return { io: cli.io, onVersion: (said        ) => void (cli.gatewayVersion = said) };
}

/** Throws a usage failure where none is named. */
async function gatewayMeant({ io }     , { gateway }                )                  {
  return gatewayUrl(gateway ?? io.env['SLIPWAY_GATEWAY'] ?? (await connect_readSettings(io)).gateway);
}

/** Throws a usage failure for what is no address. */
function gatewayUrl(text                    )         {
  const example =
    'Use --gateway https://slipway.example.com, set SLIPWAY_GATEWAY, or keep it: slipway use --gateway https://…';
  if (!text) throw connect_usageFailure('no gateway is named', example);
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw connect_usageFailure('the gateway is not an http or https address', example);
  if (url.username || url.password) throw connect_usageFailure('the address of the gateway must not hold credentials', example);
  return `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, '')}`;
}

const next = 'Set SLIPWAY_TOKEN, or name a file that holds the token with --token-file.';
const connect_noToken = 'Log in (slipway login), set SLIPWAY_TOKEN, or name a file that holds the token with --token-file.';

/** Undefined where none is. */
async function tokenGiven({ io }     , { tokenFile }                )                              {
  const text =
    tokenFile === undefined ? io.env['SLIPWAY_TOKEN'] : await readTokenFile(resolve(io.cwd, tokenFile), next);
  const trimmed = text?.trim();
  if (!trimmed) {
    if (tokenFile !== undefined) throw connect_usageFailure('the token file is empty', next);
    return undefined;
  }
  // Anything else is not sent in a header; the token itself is never shown.
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw connect_usageFailure('the token holds spaces, line breaks or other characters that no token has', next);
  return trimmed;
}

async function readTokenFile(file        , next        )                  {
  try {
    return await connect_readFile(file, 'utf8');
  } catch (error) {
    throw connect_usageFailure(`the token file cannot be read: ${connect_whyUnreadable(error)}`, next);
  }
}

;// ./client/cli/git.ts
/* unused harmony import specifier */ var execFile;
/* unused harmony import specifier */ var git_usageFailure;



const nameIt = 'Name it: --commit with 40 hexadecimal characters and --branch.';

/** The 40 characters of a commit: as given, or what the repository in `cwd` says that the name (HEAD, a tag, a short id) means. */
async function resolveCommit(name        , cwd        )                  {
  if (/^[0-9a-f]{40}$/.test(name)) return name;
  const commit = await asked(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], cwd);
  if (!commit || !/^[0-9a-f]{40}$/.test(commit))
    throw git_usageFailure(`${JSON.stringify(name)} is not a commit of a git repository here`, nameIt);
  return commit;
}

/** The branch that is checked out in `cwd`. */
async function currentBranch(cwd        )                  {
  const branch = await branchHere(cwd);
  if (!branch)
    throw git_usageFailure('no branch is checked out here', 'Name the branch that carries the commit: --branch main.');
  return branch;
}

/** Undefined where none is, or where this is no git repository. */
async function branchHere(cwd        )                              {
  return (await asked(['symbolic-ref', '--quiet', '--short', 'HEAD'], cwd)) || undefined;
}

/** `git version 2.43.0`; undefined when there is no git. */
async function gitVersion(cwd        )                              {
  return asked(['--version'], cwd);
}

/**
 * What git answers in `cwd`, without the space around it; undefined where it does not. By Node alone: a package for it would be a third of what the
 * command weighs as a package.
 */
function asked(args          , cwd        )                              {
  return new Promise((resolve) => {
    execFile('git', args, { cwd, timeout: 10_000 }, (error, stdout) => resolve(error ? undefined : stdout.trim()));
  });
}

;// ./client/cli/lane-meant.ts
/* unused harmony import specifier */ var lane_meant_readFile;
/* unused harmony import specifier */ var lane_meant_dirname;
/* unused harmony import specifier */ var lane_meant_join;
/* unused harmony import specifier */ var lane_meant_usageFailure;
/* unused harmony import specifier */ var lane_meant_branchHere;
/* unused harmony import specifier */ var lane_meant_readSettings;
/* unused harmony import specifier */ var oneLine;

                                         

                                                              
                                    





                              
                   
                       
 

/** Options of every command that is about a lane, or about a release that may be named by it. */
function withLane(command         )          {
  return command
    .option('--service <name>', 'whose (default: by slipway.yaml here, or `slipway use`)')
    .option('--environment <name>', 'where (default: by `slipway use`, or the branch here)');
}

/** What is meant, and by what; absent where nobody says. */
                                                
                                                                                                
               
                                                                 
                          
 

/**
 * The service and environment that a command is about: as named; the service then by slipway.yaml here or above, or by `slipway use`; the
 * environment by `slipway use`, or by slipway.yaml: the only one that it has, or the one alone that it maps the branch to which is checked out.
 */
async function laneMeant({ io }                 , named             )                     {
  if (named.service && named.environment) return { service: named.service, environment: named.environment, by: [] };
  const [kept, here] = await Promise.all([lane_meant_readSettings(io), pipelineHere(io.cwd)]);
  const service = named.service ?? here?.service ?? kept.service;
  const ofFile = here && service === here.service ? await environmentHere(here, io.cwd) : undefined;
  // An environment is kept of a service.
  const ofKept = kept.service === undefined || kept.service === service ? kept.environment : undefined;
  const environment = named.environment ?? ofKept ?? ofFile?.name;
  const others = here && service === here.service && !environment ? Object.keys(here.environments) : [];
  return {
    ...(others.length > 0 && { environments: others }),
    ...(service !== undefined && { service }),
    ...(environment !== undefined && { environment }),
    by: [
      ...(named.service || !service ? [] : [`the service by ${here ? here.file : '`slipway use`'}`]),
      ...(named.environment || !environment ? [] : [`the environment by ${ofKept ? '`slipway use`' : ofFile?.by}`]),
    ],
  };
}

/** Both names. Throws a usage failure that says which is missing, and how to name it. */
async function laneNamed(cli                 , named             )                                           {
  const { service, environment, by, environments = [] } = await laneMeant(cli, named);
  if (service && environment) return { service, environment, by };
  const missing = [...(service ? [] : ['--service']), ...(environment ? [] : ['--environment'])].join(' and ');
  const known = environments.length > 0 ? ` (here: ${oneLine(environments.join(', '))})` : '';
  throw lane_meant_usageFailure(
    'no lane is named',
    `Add ${missing}${known}, or keep them for all commands: slipway use SERVICE ENVIRONMENT. A slipway.yaml here names the service, and the branch its environment where it maps to one.`,
  );
}

/** Said before something is changed: what was not typed must be seen. */
function meantInWords({ service, environment, by }                                 )           {
  return by.length === 0 ? [] : [`${service} → ${environment}: ${by.join(', ')}`];
}

                        
               
                  
                                                                                 
 

/** The nearest slipway.yaml; one that is not valid names nothing. */
async function pipelineHere(cwd        )                                    {
  const name = 'slipway.yaml';
  for (let directory = cwd; ; directory = lane_meant_dirname(directory)) {
    const file = lane_meant_join(directory, name);
    const text = await lane_meant_readFile(file).catch(() => undefined);
    if (text) {
      const { loadPipeline } = await Promise.all(/* import() */[__webpack_require__.e("vendors-node_modules_yaml_dist_index_js-node_modules_zod_v4_classic_iso_js"), __webpack_require__.e("pipeline_index_ts")]).then(() => (__webpack_require__("./pipeline/index.ts")));
      const loaded = loadPipeline(text, name);
      return loaded.ok ? { file: directory === cwd ? name : file, ...loaded.pipeline.content } : undefined;
    }
    if (directory === lane_meant_dirname(directory)) return undefined;
  }
}

async function environmentHere(
  { file, environments }              ,
  cwd        ,
)                                                    {
  const [only, ...others] = Object.keys(environments);
  if (only !== undefined && others.length === 0) return { name: only, by: `${file}, which has no other` };
  const branch = await lane_meant_branchHere(cwd);
  if (branch === undefined) return undefined;
  const { environmentsOf } = await Promise.all(/* import() */[__webpack_require__.e("vendors-node_modules_yaml_dist_index_js-node_modules_zod_v4_classic_iso_js"), __webpack_require__.e("pipeline_index_ts")]).then(() => (__webpack_require__("./pipeline/index.ts")));
  const [found, ...more] = environmentsOf(environments, branch);
  return found !== undefined && more.length === 0 ? { name: found, by: 'the branch here' } : undefined;
}

;// ./client/cli/release-named.ts
/* unused harmony import specifier */ var asksAPerson;
/* unused harmony import specifier */ var release_named_readRunName;
/* unused harmony import specifier */ var release_named_shortName;
/* unused harmony import specifier */ var release_named_usageFailure;
/* unused harmony import specifier */ var release_named_laneMeant;
/* unused harmony import specifier */ var release_named_laneNamed;
/* unused harmony import specifier */ var release_named_oneLine;
/* unused harmony import specifier */ var release_named_plural;
/* unused harmony import specifier */ var release_named_shortCommit;

                                                                   

                                                            
                                    

                                                         




/** For the help of every command that takes one. */
const namesOfRuns = 'release: its id, shop#142, the beginning of its commit, @latest or @waiting';

                         
           
                         
                       
 

/** The id of the run that a person means. Throws a usage failure, with what there is, where nothing or more than one thing is meant. */
async function releaseNamed(asking        , text        )                  {
  const named = release_named_readRunName(text);
  if (!named)
    throw release_named_usageFailure(
      `${JSON.stringify(text)} names no release`,
      'Name it by its id, as shop#142, by the beginning of its commit (4 characters or more), @latest or @waiting.',
    );
  switch (named.kind) {
    case 'id':
      return named.id;
    case 'number':
      return byNumber(asking, named, text);
    case 'commit':
      return byCommit(asking, named.commit);
    case 'latest':
      return latest(asking);
    case 'waiting':
      return waiting(asking);
  }
}

async function byNumber(
  { gateway }        ,
  { number, service, nth }                               ,
  text        ,
)                  {
  const { releases } = await gateway.list({ number, limit: 1 });
  const [row] = releases.filter((one) => one.number === number && (service ?? one.service) === one.service);
  if (!row) throw release_named_usageFailure(`there is no release ${text}`, '`slipway releases` lists what there is.');
  if (nth === undefined) return row.releaseId;
  const { environment, commit } = row;
  const among = await gateway.list({ service: row.service, environment, commit, limit: most });
  const back = among.releases.find(({ undoes }) => undoes?.releaseId === row.releaseId && undoes.nth === nth);
  if (back) return back.releaseId;
  throw release_named_usageFailure(`there is no rollback ${nth} of ${release_named_shortName(row)}`, '`slipway releases` lists what there is.');
}

const most = 200;

/** The newest attempt of the one commit that begins so. */
async function byCommit({ cli, gateway, options }        , commit        )                  {
  const { by: _by, environments: _environments, ...lane } = await release_named_laneMeant(cli, options);
  const rows = (await gateway.list({ ...lane, commit, limit: most })).releases.filter(({ undoes }) => !undoes);
  const all = rows.length > 0 ? rows : await everywhere(gateway, commit);
  const meant = Map.groupBy(all, ({ service, environment, commit: whole }) => `${service} ${environment} ${whole}`);
  if (meant.size > 1)
    throw several(
      `${commit} is the beginning of`,
      [...meant.values()].map(([row]) => row ),
    );
  if (all[0]) return all[0].releaseId;
  throw release_named_usageFailure(`no release is of a commit that begins with ${commit}`, '`slipway releases` lists what there is.');
}

/** Nothing of it in the lane that is meant when none is named: a commit has one meaning wherever it went. */
async function everywhere(gateway               , commit        )                        {
  return (await gateway.list({ commit, limit: most })).releases.filter(({ undoes }) => !undoes);
}

async function latest({ cli, gateway, options }        )                  {
  const { by: _by, ...lane } = await release_named_laneNamed(cli, options);
  const [row] = (await gateway.list({ ...lane, limit: 1 })).releases;
  if (row) return row.releaseId;
  throw release_named_usageFailure(
    `nothing of ${lane.service} has been released to ${lane.environment}`,
    '`slipway releases` lists what there is.',
  );
}

/** What waits for a person. */
async function waiting({ cli, gateway, options }        )                  {
  const { by: _by, environments: _environments, ...lane } = await release_named_laneMeant(cli, options);
  const { releases } = await gateway.list({ ...lane, open: true, limit: most });
  const rows = releases.filter(({ state }) => state && asksAPerson(state));
  const unseen = releases.filter(({ state }) => !state).length;
  // Another one may wait, too: none is chosen for anybody.
  if (unseen > 0)
    throw release_named_usageFailure(
      `which one waits cannot be told: of ${release_named_plural(unseen, 'open release')} nobody has said how ${unseen === 1 ? 'it stands' : 'they stand'}`,
      'slipway releases --open lists what goes on: name the one that you mean.',
    );
  if (rows.length > 1) throw several('these wait for somebody:', rows);
  if (rows[0]) return rows[0].releaseId;
  const where = [lane.service, lane.environment].filter(Boolean).join(' → ');
  throw release_named_usageFailure(
    `nothing${where ? ` in ${where}` : ''} waits for anybody`,
    'slipway releases --open lists what goes on.',
  );
}

function several(what        , rows                       )             {
  const lines = rows.slice(0, 10).map((row) => {
    const where = `${row.service} → ${row.environment}`;
    return `\n${release_named_oneLine(release_named_shortName(row))}  ${release_named_oneLine(where)}  ${release_named_shortCommit(release_named_oneLine(row.commit))}`;
  });
  return release_named_usageFailure(`${what}${lines.join('')}`, 'Name one of them.');
}

;// ./client/cli/decide.ts
/* unused harmony import specifier */ var randomUUID;
/* unused harmony import specifier */ var decide_shortName;
/* unused harmony import specifier */ var decide_withGateway;
/* unused harmony import specifier */ var decide_usageFailure;
/* unused harmony import specifier */ var decide_refusedFailure;
/* unused harmony import specifier */ var CliFailure;
/* unused harmony import specifier */ var mayHaveArrived;
/* unused harmony import specifier */ var amended;
/* unused harmony import specifier */ var decide_withLane;
/* unused harmony import specifier */ var decide_namesOfRuns;
/* unused harmony import specifier */ var decide_releaseNamed;
/* unused harmony import specifier */ var decide_oneLine;
/* unused harmony import specifier */ var decide_shortCommit;

                                         
                                                                       
                                                                    

                                    


                                                         





                                                                      
                
                  
                
                      
 

const channel = 'cli';

/** Options that all decisions share. */
function withDecision(command         )          {
  return decide_withGateway(decide_withLane(command))
    .argument('<id>', decide_namesOfRuns)
    .option(
      '--plan <hash>',
      'the plan you decide about; refused when the release has another one by now, unless you reject',
    )
    .option('--reason <text>', 'kept with the decision, shown to everybody')
    .option('--yes', 'do not ask')
    .option('--decision-id <id>', 'repeats an earlier try of yours: the same id counts once (default: a new one)');
}

/** Whether there is a person to ask. */
function canAsk({ io }     , { json }                )          {
  return io.isTTY.stdin && io.isTTY.stderr && !json;
}

/** Without a terminal the answer must have been given on the command line. */
function requireAnswer(cli     , options                 , next        )       {
  if (!options.yes && !canAsk(cli, options)) throw decide_usageFailure('there is no terminal to ask in', next);
}

/** The run that a person decides about, as it stands. Which one is meant is said where its id was not typed: before anything is asked or sent. */
async function decidedAbout(
  cli     ,
  gateway               ,
  { id, options }                                          ,
)                       {
  const release = await gateway.release(await decide_releaseNamed({ cli, gateway, options }, id));
  const { releaseId, service, environment, commit } = release;
  const [typed, name] = [decide_oneLine(id), decide_oneLine(decide_shortName(release))];
  if (releaseId !== id)
    cli.note(
      `${typed === name ? name : `${typed} is ${name}`}: ${decide_oneLine(service)} → ${decide_oneLine(environment)}, commit ${decide_shortCommit(decide_oneLine(commit))} (${decide_oneLine(releaseId)})`,
    );
  return release;
}

/** Asks, unless told not to. Throws when the person says no. */
async function askUnlessYes(cli     , options                 , question        )                {
  if (options.yes || (await cli.confirm(question))) return;
  throw decide_refusedFailure('not confirmed; nothing was sent', 'Run the command again when you are sure.');
}

/** Why, in the words of whoever decides: asked where there is a person who has not said it. Nothing is an answer, too. */
async function askReason(cli     , options                 )                  {
  if (options.reason !== undefined || options.yes || !canAsk(cli, options)) return options.reason ?? '';
  return (await cli.ask('Why? It is kept, and shown to everybody:')).trim();
}

/** The plan in force, which must be the one the person named, if they named one. */
function planInForce(release             , named                    )                     {
  const { releaseId } = release;
  const hash = planOf(release);
  if (named !== undefined && named !== hash) {
    if (hash !== undefined && named !== '' && hash.startsWith(named))
      throw decide_refusedFailure(
        `${named} is the beginning of the plan in force, and a decision is about all of it`,
        `Give all of it, if that is the plan you have looked at: --plan ${hash}`,
      );
    const message = hash
      ? `the release now has plan ${hash}, not ${named}`
      : `the release has no plan yet, so not ${named} either`;
    throw decide_refusedFailure(message, `Look at what would change now: slipway plan ${releaseId}`);
  }
  return hash;
}

/** By the records, which know it while nobody answers for the run; by the run's word where a gateway of before does not tell. */
function planOf({ recorded, status }             )                     {
  return recorded ? recorded.planHash : status?.planHash;
}

                   
           
                         
                       
                     
                           
 

/** Sends one decision under one id, tells what the gateway said, and returns 0. */
async function sendDecision({ cli, gateway, release, kind, options }         )                  {
  // A no to one of its plans is a no to the release: it is not lost over the plan having moved.
  const named = kind === 'reject' ? options.plan : undefined;
  const planHash = named ?? planInForce(release, options.plan);
  const decisionId = options.decisionId ?? randomUUID();
  const { releaseId } = release;
  const decision = { decisionId, kind, channel, reason: options.reason ?? '', ...(planHash ? { planHash } : {}) };
  const { message, answer } = await repeatable(decisionId, () => gateway.decide(releaseId, decision));
  const follow = `follow it: slipway watch ${releaseId}`;
  if (options.json)
    cli.printJson('decision', { releaseId, decisionId, kind, accepted: true, ...(answer && { answer }), message });
  else if (answer === 'counts') {
    // Done, and not as the run says: no failure, which would have it said again, and no quiet success.
    cli.warn(message);
    cli.print([`${kind}: it counts`, follow]);
  } else {
    const missing = answer === 'queued' ? ['which workers are missing: slipway doctor'] : [];
    cli.print([message || `${kind}: accepted`, ...missing, follow]);
  }
  return 0;
}

/** When the reply was lost, nobody knows whether it arrived: says how to send the very same decision again. */
async function repeatable   (decisionId        , send                  )             {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    if (!mayHaveArrived(error)) throw amended(error, { ids: { decisionId } });
    const next = `It may have arrived. Send the same decision again with --decision-id ${decisionId}; it counts once.`;
    throw amended(error, { next, ids: { decisionId } });
  }
}

;// ./client/cli/layout.ts
/* unused harmony import specifier */ var stripVTControlCharacters;


// Characters that take two columns in a terminal, and those that take none.
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const none = /[\p{Mn}\p{Me}\u1160-\u11ff]/u;
// eslint-disable-next-line no-control-regex
const colorOrCharacter = /\u001b\[[0-9;]*m|[^]/gu;

/** Columns that a text takes in a terminal; colours take none. */
function columnsOf(text        )         {
  let columns = 0;
  for (const character of stripVTControlCharacters(text)) columns += columnsOfCharacter(character);
  return columns;
}

function columnsOfCharacter(character        )         {
  if (none.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** The text cut to so many columns, with `…` where something is missing. Colours that were begun are ended. */
function fit(text        , columns        )         {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 0;
  let colored = false;
  for (const [piece] of text.matchAll(colorOrCharacter)) {
    if (piece.length > 1 && piece.startsWith('\u001b')) {
      kept += piece;
      colored = true;
      continue;
    }
    used += columnsOfCharacter(piece);
    if (used > columns - 1) break;
    kept += piece;
  }
  return `${kept}…${colored ? '\u001b[0m' : ''}`;
}

function pad(text        , columns        )         {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** Rows as aligned columns, two spaces between; nothing after the last. */
function table(rows            , indent = '')           {
  const widths           = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, columnsOf(cell))));
  return rows.map((row) => (indent + row.map((cell, at) => pad(cell, widths[at] )).join('  ')).trimEnd());
}

/** A text of several lines, each indented; its own empty ends left out. */
function indented(text        , indent        )           {
  return text
    .trim()
    .split('\n')
    .map((line) => (indent + line.replaceAll('\t', '    ')).trimEnd());
}

/** A text without colours on as many lines as it needs, broken between words where that is possible. */
function wrapped(text        , columns        )           {
  const room = Math.max(columns, 10);
  if (columnsOf(text) <= room) return [text];
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ;
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.splice(line === '' ? -1 : lines.length, line === '' ? 1 : 0, ...pieces(word, room));
  }
  return lines;
}

/** The same of a line that may be indented and coloured: what does not fit stands in the next ones, a little further in. */
function foldedTo(line        , columns        )           {
  if (columnsOf(line) <= columns) return [line];
  const [begins = '', colored = '', lead = ''] = leadOf.exec(line) ?? [];
  const text = colored + line.slice(begins.length);
  // Too narrow to be read anyway.
  if (columns - lead.length < 14) return wrapped(text, columns);
  const [first = ''] = wrapped(text, columns - lead.length);
  const deeper = ' '.repeat(hangingAt(line, columns) ?? lead.length + 4);
  const rest = text.slice(first.length).replace(/^ /, '');
  return [lead + first, ...wrapped(rest, columns - deeper.length).map((one) => deeper + one)];
}

// eslint-disable-next-line no-control-regex
const leadOf = /^((?:\u001b\[[0-9;]*m)*)( *)/;

/** Lines for people, for whom nothing is broken that is there to be copied: commands, and names that are longer than a line. */
function foldedToRead(text        , columns        )           {
  return text.split('\n').flatMap((line) => {
    if (columnsOf(line) <= columns) return [line];
    const plain = stripVTControlCharacters(line);
    if (isCommand.test(plain) || plain.split(' ').some((word) => columnsOf(word) > columns - 8)) return [line];
    const [, sentence, command] = endsWithCommand.exec(line) ?? [];
    return sentence === undefined ? foldedTo(line, columns) : [...foldedTo(sentence, columns), `    ${command }`];
  });
}

const isCommand = /^ *(?:[a-z]+(?: [a-z]+)?: )?slipway /;
const endsWithCommand = /^(.*:) (slipway .*)$/;

/** Where the last column of a row begins, where there is room to go on below it. */
function hangingAt(line        , columns        )                     {
  const at = columnsOf(/^.*\S {2,}(?=\S)/.exec(stripVTControlCharacters(line))?.[0] ?? '');
  return at > 0 && columns - at >= 24 ? at : undefined;
}

/** A word that is longer than a line. */
function pieces(word        , columns        )           {
  const found = [''];
  let used = 0;
  for (const character of word) {
    const more = columnsOfCharacter(character);
    if (used + more > columns) {
      found.push('');
      used = 0;
    }
    found[found.length - 1] += character;
    used += more;
  }
  return found;
}

;// ./client/cli/render-regions.ts
/* unused harmony import specifier */ var render_regions_columnsOf;
/* unused harmony import specifier */ var render_regions_table;
/* unused harmony import specifier */ var render_regions_oneLine;
                                                                                 
                                       



                   
                
                 
 

/** Regions × components; one line for each where no table would fit. Notes stand below it, since cells are one word. */
function renderRegions(regions                , { width, colors }         )           {
  if (regions.length === 0) return [];
  const names = [...new Set(regions.flatMap(({ components }) => components.map(({ component }) => component)))];
  const grid = [gridOf(regions, names, colors, 'words'), gridOf(regions, names, colors, 'marks')].find((lines) =>
    lines.every((line) => render_regions_columnsOf(line) <= width),
  );
  return [colors.bold('Regions'), ...(grid ?? listRows(regions, colors)), ...notes(regions, colors)];
}

/** How many there are of each phase, and those that are under way or in trouble by name: of many regions, on a small screen. */
function regionsInShort(regions                , { colors }                         )           {
  const phases = [...new Set(regions.map(({ phase }) => phase))];
  const lines = phases.map((phase) => {
    const those = regions.filter((region) => region.phase === phase).map(({ region }) => render_regions_oneLine(region));
    const names = settled.has(phase) ? '' : `: ${those.join(', ')}`;
    return `  ${phaseText(phase, colors)} ${those.length}${names}`;
  });
  return [colors.bold('Regions'), ...lines];
}

const settled                           = new Set(['pending', 'verified', 'unchanged', 'rolled-back']);

/** `marks`: the word is left out where it is that of the region, too. */
function gridOf(regions                , names          , colors        , cells                   )           {
  const rows = regions.map(({ region, phase, components }) => [
    render_regions_oneLine(region),
    phaseText(phase, colors),
    ...names.map((name) => {
      const cell = components.find(({ component }) => component === name);
      if (!cell) return '-';
      return cells === 'marks' && cell.phase === phase ? phaseMark(phase, colors) : phaseText(cell.phase, colors);
    }),
  ]);
  return render_regions_table([['', '', ...names.map(render_regions_oneLine)], ...rows], '  ');
}

function listRows(regions                , colors        )           {
  return regions.flatMap(({ region, phase, components }) => [
    `  ${render_regions_oneLine(region)} ${phaseText(phase, colors)}`,
    ...components.map((cell) => `    ${render_regions_oneLine(cell.component)} ${phaseText(cell.phase, colors)}`),
  ]);
}

/** What is said of the region is not said again of the component that it is about. */
function notes(regions                , colors        )           {
  return regions.flatMap(({ region, phase, note, components }) => [
    ...(note ? [`  ${colors.dim(`${render_regions_oneLine(region)}:`)} ${wholeBefore({ phase, components })}${render_regions_oneLine(note)}`] : []),
    ...components
      .filter((one) => one.note && one.note !== note)
      .map(({ component, note }) => `  ${colors.dim(`${render_regions_oneLine(region)} ${render_regions_oneLine(component)}:`)} ${render_regions_oneLine(note)}`),
  ]);
}

/** It was in place and well: what has failed came after that, and is none of the components. */
function wholeBefore({ phase, components }                                            )         {
  const isWhole = components.length > 0 && components.every((one) => one.phase === 'verified');
  return phase === 'failed' && isWhole ? 'all its components were verified. Failed since: ' : '';
}

const marks                                                                                          = (/* unused pure expression or super */ null && ({
  pending: ['·', 'dim'],
  deploying: ['●', 'cyan'],
  deployed: ['●', 'cyan'],
  verified: ['✔', 'green'],
  unproven: ['?', 'yellow'],
  failed: ['✖', 'red'],
  interrupted: ['●', 'yellow'],
  'rolling-back': ['●', 'yellow'],
  'rolled-back': ['✔', 'yellow'],
  'partly-back': ['●', 'red'],
  unknown: ['?', 'red'],
  unchanged: ['=', 'dim'],
}));

/** A gateway may know others. */
function known(phase             )          {
  return Object.hasOwn(marks, phase);
}

function phaseText(phase             , colors        )         {
  return known(phase) ? colors[marks[phase][1]](`${marks[phase][0]} ${phase}`) : render_regions_oneLine(String(phase));
}

function phaseMark(phase             , colors        )         {
  return known(phase) ? colors[marks[phase][1]](marks[phase][0]) : render_regions_oneLine(String(phase));
}

;// ./client/cli/render-stages.ts
/* unused harmony import specifier */ var stages;
/* unused harmony import specifier */ var render_stages_meaningOf;
/* unused harmony import specifier */ var render_stages_table;
/* unused harmony import specifier */ var render_stages_columnsOf;
/* unused harmony import specifier */ var render_stages_oneLine;
/* unused harmony import specifier */ var render_stages_duration;
                                                                    


                                       




                   
              
                
                 
 

/** A mark, the stage, and how long it took or takes; nothing of what is still ahead. */
                                                              

/** The way of a run, a line for each stage. */
function renderStages(view             , status               , options         )           {
  return [options.colors.bold('Stages'), ...render_stages_table(stageCells(view, status, options), '  ')];
}

/** The same beside one another, on as many lines as that takes. */
function stagesBeside(view             , status               , options         )           {
  const lines           = [];
  for (const cells of stageCells(view, status, options)) {
    const text = cells.filter((cell) => cell !== '').join(' ');
    const last = lines.at(-1);
    if (last !== undefined && render_stages_columnsOf(last) + 3 + render_stages_columnsOf(text) <= options.width)
      lines[lines.length - 1] = `${last}   ${text}`;
    else lines.push(`  ${text}`);
  }
  return lines;
}

function stageCells(view             , status               , { now, colors }         )               {
  const begun = status.timings.filter(({ stage }) => stage !== 'done');
  const seen = begun.map(({ stage, startedAt, endedAt }, at)             => {
    const took = render_stages_duration((endedAt ?? view.endedAt ?? now) - startedAt);
    if (endedAt === undefined && view.open) return [colors.cyan('●'), render_stages_oneLine(stage), took];
    return [wentWell(view, stage, begun[at + 1]?.stage) ? colors.green('✔') : colors.red('✖'), render_stages_oneLine(stage), took];
  });
  const ahead = view.open ? stagesAhead(status) : [];
  return [...seen, ...ahead.map((stage)             => [colors.dim('·'), colors.dim(stage), ''])];
}

/** A stage failed when the run was held or rolled back after it, or ended with it in any other way than well. */
function wentWell({ open, outcome }             , stage       , next                   )          {
  // From here a run goes to a rollback on purpose: a person has said so, or has ordered one of a release that had ended.
  if (stage === 'held' || stage === 'awaiting-lane') return next !== undefined || open;
  if (next !== undefined) return next !== 'held' && next !== 'rolling-back';
  // A way back that was completed went well, though the release did not.
  const { level, close } = render_stages_meaningOf(outcome);
  return open || level === 'info' || (stage === 'rolling-back' && close === 'completed');
}

/** What the story has left after the stage it is in. Off the straight way (held, rolling back) nothing is promised. */
function stagesAhead({ stage, timings }               )          {
  const offTheWay          = ['held', 'rolling-back', 'done'];
  if (offTheWay.includes(stage)) return [];
  const been = new Set(timings.map((timing) => timing.stage));
  return stages.slice(stages.indexOf(stage) + 1).filter((next) => !been.has(next) && !offTheWay.includes(next));
}

;// ./client/cli/render-status.ts
/* unused harmony import specifier */ var courseInWords;
/* unused harmony import specifier */ var decisionCommands;
/* unused harmony import specifier */ var render_status_unknownInWords;
/* unused harmony import specifier */ var isOutcome;
/* unused harmony import specifier */ var render_status_endInWords;
/* unused harmony import specifier */ var render_status_endedWell;
/* unused harmony import specifier */ var render_status_shortName;
/* unused harmony import specifier */ var firstSentence;
/* unused harmony import specifier */ var requesterInWords;
/* unused harmony import specifier */ var render_status_foldedToRead;
/* unused harmony import specifier */ var render_status_columnsOf;
/* unused harmony import specifier */ var render_status_table;
/* unused harmony import specifier */ var render_status_indented;
/* unused harmony import specifier */ var render_status_renderRegions;
/* unused harmony import specifier */ var render_status_renderStages;
/* unused harmony import specifier */ var render_status_oneLine;
/* unused harmony import specifier */ var safeText;
/* unused harmony import specifier */ var render_status_shortCommit;
/* unused harmony import specifier */ var render_status_clock;
/* unused harmony import specifier */ var render_status_duration;
/* unused harmony import specifier */ var render_status_dateAndTime;
/* unused harmony import specifier */ var render_status_deadline;
                                                                    
                                                                                 








                                       







                                
                                 
              
                                                                                                                               
                
                 
                                                  
                    
                                                                    
                    
 

/** How a release stands, as lines for a person. Pure: the same view at the same time gives the same lines. */
function renderStatus(view             , options               )           {
  const { status } = view;
  const sections = [
    heading(view, options),
    status?.failure ? failureLines(status.failure, options) : [],
    troubleLines(view, options),
    decisionLines(view, options),
    waitingLines(view, options),
    status ? render_status_renderRegions(status.regions, options) : [],
    status ? render_status_renderStages(view, status, options) : [],
    status ? checkLines(status, options) : [],
    status ? logLines(status, options) : [],
    addressLines(view),
  ];
  const lines = sections
    .filter((section) => section.length > 0)
    .flatMap((section, at) => (at === 0 ? section : ['', ...section]));
  return lines.flatMap((line) => render_status_foldedToRead(line, options.width));
}

function addressLines({ pageUrl, temporalUrl }             )           {
  return [
    ...(pageUrl ? [`Page: ${render_status_oneLine(pageUrl)}`] : []),
    ...(temporalUrl ? [`Temporal: ${render_status_oneLine(temporalUrl)}`] : []),
  ];
}

/** The `why` lines alone, under one line that says what they are about. */
function renderWhy(view             , { colors }                               )           {
  const atEnd = view.unknown ? render_status_unknownInWords(view.unknown) : (view.outcome ?? 'ended');
  const state = render_status_oneLine(view.open ? (view.status?.stage ?? 'open') : atEnd);
  return [`${colors.bold(render_status_oneLine(view.releaseId))}  ${state}`, ...view.why.map((line) => `  ${render_status_oneLine(line)}`)];
}

function heading(view             , { now, width, colors, timeZone }               )           {
  const name = render_status_shortName(view);
  const id = render_status_oneLine(view.releaseId);
  const title = `${render_status_oneLine(name === view.releaseId ? view.service : name)} → ${render_status_oneLine(view.environment)}`;
  const about = `commit ${render_status_shortCommit(render_status_oneLine(view.commit))} on ${render_status_oneLine(view.branch)}, attempt ${view.attempt}`;
  return [
    // In one piece where that is possible: it is there to be copied.
    ...(render_status_columnsOf(title) + 2 + render_status_columnsOf(id) <= width
      ? [`${colors.bold(title)}  ${colors.dim(id)}`]
      : [colors.bold(title), colors.dim(id)]),
    `${about}, requested by ${render_status_oneLine(requesterInWords(view))} at ${render_status_clock(view.startedAt, timeZone)}`,
    view.open ? openLine(view, now, colors) : endLine(view, colors),
  ];
}

function openLine(view             , now        , colors        )         {
  const running = colors.dim(`(${render_status_duration(now - view.startedAt)})`);
  if (!view.status) return `${colors.yellow('●')} open; how far it is cannot be seen right now ${running}`;
  const doing = render_status_oneLine(view.status.doing);
  return `${colors.cyan('●')} ${colors.bold(render_status_oneLine(view.status.stage))}${doing ? `: ${doing}` : ''} ${running}`;
}

function endLine(view             , colors        )         {
  if (view.unknown) return colors.yellow(`? ${render_status_unknownInWords(view.unknown)}`);
  // As it came: a word that only looks like one of ours is none.
  const { outcome: word = '' } = view;
  const outcome = isOutcome(word) ? word : render_status_oneLine(word || 'ended, outcome not recorded yet');
  const says = render_status_oneLine(firstSentence(view.summary ?? '') || (isOutcome(word) ? render_status_endInWords(view.releaseId, word) : ''));
  // Of one that was ended from outside nobody knows when.
  const took = view.endedAt === undefined ? '' : colors.dim(` (${render_status_duration(view.endedAt - view.startedAt)})`);
  const mark = render_status_endedWell(view.releaseId, word) ? colors.green(`✔ ${outcome}`) : colors.red(`✖ ${outcome}`);
  return `${mark}${says ? ` — ${says}` : ''}${took}`;
}

/** How it has ended, with all that is said of it: a line for each sentence. */
function endLines({ outcome, summary }                                          )           {
  const [first = '', ...rest] = (summary ?? '').trim().split('\n');
  const says = (0,safe_text/* oneLine */.TN)(rest.length > 0 ? first : (summary ?? ''));
  return [`${(0,safe_text/* oneLine */.TN)(outcome ?? '')}${says ? `: ${says}` : ''}`, ...rest.map((line) => `  ${(0,safe_text/* oneLine */.TN)(line)}`)];
}

function checkLines({ checks }               , { colors }               )           {
  if (checks.length === 0) return [];
  // What did not pass is what people look for.
  const sorted = [...checks].sort((a, b) => Number(a.verdict === 'pass') - Number(b.verdict === 'pass'));
  return [colors.bold('Checks'), ...checkRows(sorted, colors)];
}

/** Those that did not pass; of the others how many there are. */
function checksInShort({ checks }               , { colors }               )           {
  const others = checks.filter(({ verdict }) => verdict !== 'pass');
  const passed = checks.length - others.length;
  return [
    colors.bold('Checks'),
    ...checkRows(others, colors),
    ...(passed > 0 ? [`  ${colors.green('✔')} ${passed} passed`] : []),
  ];
}

function checkRows(checks                         , colors        )           {
  const marks                         = { pass: colors.green('✔ pass'), fail: colors.red('✖ fail') };
  const rows = checks.map(({ name, verdict, summary }) => [
    marks[verdict] ?? colors.yellow(`? ${render_status_oneLine(verdict)}`),
    render_status_oneLine(name),
    render_status_oneLine(summary),
  ]);
  return render_status_table(rows, '  ');
}

/** Who has decided what, when and why; what the run did not take, too. */
function decisionLines({ recorded }             , { colors, timeZone }               )           {
  const { decisions = [] } = recorded ?? {};
  if (decisions.length === 0) return [];
  return [
    colors.bold('Decided'),
    ...decisions.map(({ kind, by, at, reason, refused }) => {
      const why = reason ? `: ${render_status_oneLine(reason)}` : '';
      const taken = refused === undefined ? '' : colors.yellow(` (not taken: ${render_status_oneLine(refused)})`);
      return `  ${render_status_dateAndTime(at, timeZone)} ${render_status_oneLine(kind)} by ${render_status_oneLine(by)}${why}${taken}`;
    }),
  ];
}

function troubleLines({ troubles = [] }             , { colors }               )           {
  return troubles.length === 0 ? [] : [colors.bold('Trouble'), ...troubles.map((line) => `  ${render_status_oneLine(line)}`)];
}

function waitingLines(view             , { now, colors, timeZone }               )           {
  const waiting = view.open ? view.status?.waitingFor : undefined;
  if (!waiting) return view.open && view.status ? [] : whyLines(view, colors);
  return [
    colors.bold('Waits'),
    ...(isForLane(view.status) ? view.why.map((line) => `  ${render_status_oneLine(line)}`) : [`  for ${waitingText(waiting)}`]),
    ...(waiting.until === undefined ? [] : [`  ${render_status_deadline(waiting.until, now, timeZone)}`]),
    ...courseLine(waiting, now, timeZone),
    ...hints(view).map((hint) => `  ${colors.cyan(hint)}`),
  ];
}

/** The deadline stands above. */
function courseLine({ until: _above, ...waiting }            , now        , timeZone         )           {
  const course = courseInWords(waiting, now, (at) => render_status_dateAndTime(at, timeZone));
  return course === undefined ? [] : [`  ${render_status_oneLine(course)}`];
}

/** But for what stands above: how it ended, and what is in its way. */
function whyLines({ open, outcome, why, troubles = [] }             , colors        )           {
  const isSaid = (line        ) => troubles.includes(line) || (!open && line.startsWith(`It has ended: ${outcome}`));
  const lines = why.filter((line) => !isSaid(line));
  return lines.length === 0 ? [] : [colors.bold('Why'), ...lines.map((line) => `  ${render_status_oneLine(line)}`)];
}

/** How it can be moved, as commands; of an approval the one that approves. */
function hints(view             )           {
  if (view.status?.stage === 'awaiting-approval') return [approveHint(view)];
  return decisionCommands(render_status_oneLine(render_status_shortName(view)), view.status?.waitingFor?.decisions);
}

/** No lane moves a run: the reasons say who opens it, or which run has it. */
function isForLane(status                                          )          {
  return status?.stage === 'awaiting-lane';
}

function waitingText({ what, who }            )         {
  return `${(0,safe_text/* oneLine */.TN)((0,whole_text/* firstSentence */.qi)(what))}; who can move it: ${(0,safe_text/* oneLine */.TN)(who)}`;
}

/** The command that approves exactly the plan that waits. */
function approveHint(release             )         {
  const hash = planOf(release);
  return `slipway approve ${(0,safe_text/* oneLine */.TN)(shortName(release))}${hash ? ` --plan ${(0,safe_text/* oneLine */.TN)(hash)}` : ''}`;
}

function failureLines(
  failure                                       ,
  { colors }                               ,
)           {
  return [
    colors.red(`${render_status_oneLine(failure.code)} ${render_status_oneLine(failure.title)}`),
    ...render_status_indented(safeText(failure.detail ?? ''), '  '),
    `  next: ${render_status_oneLine(failure.next)}`,
  ];
}

function logLines({ log }               , { logLines: wanted = 10, colors, timeZone }               )           {
  const newest = wanted > 0 ? log.slice(-wanted) : [];
  if (newest.length === 0) return [];
  return [colors.bold('Log'), ...newest.map(({ at, line }) => `  ${colors.dim(render_status_clock(at, timeZone))} ${render_status_oneLine(line)}`)];
}

;// ./client/cli/events.ts
                                                                    
                                                                     




/** Something that has happened; the same key is the same happening, however often it is seen. */
                        
              
                                                                 
              
               
 

/** Everything that a view tells has happened, in no order. */
function eventsOf(view             , timeZone         )                 {
  const { status } = view;
  if (!status)
    return view.open ? [{ key: 'unseen', text: 'how far it is cannot be seen right now; the release goes on' }] : [];
  return [
    ...stageEvents(status),
    ...regionEvents(status),
    ...approvalEvents(status),
    ...status.log.map(({ at, line }) => ({ key: `log ${at} ${line}`, at, text: (0,safe_text/* oneLine */.TN)(line) })),
    ...(view.open ? waitingEvents(view, status, timeZone) : []),
  ];
}

/** One line per event that has not been told before, with the time when it happened, or when it was seen. Keeps what it has told. */
function createEventFeed(timeZone         )                                               {
  const told = new Set        ();
  return (view, now) =>
    eventsOf(view, timeZone)
      .filter(({ key }) => !told.has(key) && told.add(key))
      .sort((a, b) => (a.at ?? now) - (b.at ?? now))
      .map(({ at, text }) =>
        at === undefined ? `${clock(now, timeZone)} seen: ${text}` : `${clock(at, timeZone)} ${text}`,
      );
}

/** What the run itself has said of them is said once. */
function approvalEvents({ approvals, log }               )                 {
  return approvals
    .filter(({ by, channel }) => !log.some(({ line }) => line.startsWith(`${by} (${channel}): approve`)))
    .map(({ by, at, channel }) => ({
      key: `approval ${by} ${at}`,
      at,
      text: `approved by ${(0,safe_text/* oneLine */.TN)(by)} (${(0,safe_text/* oneLine */.TN)(channel)})`,
    }));
}

/** How it ended is told as that, and is no stage. */
function stageEvents({ timings }               )                 {
  return timings
    .filter(({ stage }) => stage !== 'done')
    .flatMap(({ stage, startedAt, endedAt }) => [
      { key: `begin ${stage} ${startedAt}`, at: startedAt, text: `${(0,safe_text/* oneLine */.TN)(stage)}: begun` },
      ...(endedAt === undefined
        ? []
        : [
            {
              key: `end ${stage} ${startedAt}`,
              at: endedAt,
              text: `${(0,safe_text/* oneLine */.TN)(stage)}: done in ${duration(endedAt - startedAt)}`,
            },
          ]),
    ]);
}

function regionEvents({ regions }               )                 {
  return regions.flatMap(({ region, components }) =>
    components
      .filter(({ phase }) => phase !== 'pending')
      .map(({ component, phase, since, note }) => ({
        key: `region ${region} ${component} ${phase} ${since}`,
        ...(since !== undefined && { at: since }),
        text: `${(0,safe_text/* oneLine */.TN)(region)} ${(0,safe_text/* oneLine */.TN)(component)}: ${(0,safe_text/* oneLine */.TN)(phase)}${note ? ` (${(0,safe_text/* oneLine */.TN)(note)})` : ''}`,
      })),
  );
}

function waitingEvents(
  view             ,
  { waitingFor, stage, timings, log, doing }               ,
  timeZone         ,
)                 {
  if (!waitingFor) return [];
  // What a run waits for is what it has said last that it does; a held one says it at its first try alone.
  const at = log.findLast(({ line }) => line === doing)?.at ?? timings.at(-1)?.startedAt;
  const begun = at === undefined ? {} : { at };
  if (isForLane({ stage })) return view.why.map((text) => ({ key: text, ...begun, text: (0,safe_text/* oneLine */.TN)(text) }));
  const until = waitingFor.until === undefined ? '' : `, until ${dateAndTime(waitingFor.until, timeZone)}`;
  const hint = stage === 'awaiting-approval' ? `; ${approveHint(view)}` : '';
  const text = `waits for ${waitingText(waitingFor)}${until}${hint}`;
  return [{ key: text, ...begun, text }];
}

;// ./client/github-action/log-view.ts
                                                                    

                                                         


                                          

/** Whoever reads the log of a job is in no hurry. */
const longestPauseMs = 3_000;

/** One line for each thing that happens, in a group for each stage. Times are UTC, as those of the runner. */
function logView(runner                                            , now              )             {
  const feed = createEventFeed('UTC');
  let group                    ;
  let away = false;
  const into = (stage                    ) => {
    if (stage === group) return;
    if (group !== undefined) runner.endGroup();
    if (stage !== undefined) runner.group(stage);
    group = stage;
  };
  const say = (line        ) => runner.log(line);
  return {
    longestPauseMs,
    show(view             ) {
      if (away) say(`${clock(now(), 'UTC')} the gateway answers again`);
      away = false;
      if (view.open && view.status) into(view.status.stage);
      feed(view, now()).forEach(say);
      if (view.open || view.outcome === undefined) return;
      into(undefined);
      endLines(view).forEach(say);
    },
    trouble(message) {
      if (!away) say(`${clock(now(), 'UTC')} ${message}; trying again, the release goes on`);
      away = true;
    },
    close: () => into(undefined),
  };
}

;// ./client/github-action/summary.ts
                                                                                 
                                                                     





                       
                    
                                 
              
                                                                  
                                 
                                                                                   
                                  
                                     
                                                             
                                                          
 

/** GitHub takes a megabyte for a step, and nobody reads so much. */
const mostRows = 200;
const longestCell = 300;

/** What stands on the page of the run: how the release stands, and what is where. Pure. */
function summaryOf({ releaseId, url, seen, ended, status, failure }      )         {
  const name = seen ? shortName(seen) : releaseId;
  return [
    `### Slipway: ${summary_link(name, url)}`,
    '',
    seen ? headline(seen) : unfollowed(ended),
    '',
    ...(status?.failure ? [causeOf(status.failure), ''] : []),
    ...(failure ? [`**${cell(failure.message)}**<br>${cell(failure.next)}`, ''] : []),
    ...(status ? regionTable(status) : []),
    '',
  ].join('\n');
}

function unfollowed(ended              )         {
  if (!ended) return cell('started; nobody follows it here');
  return `**${cell(ended.outcome)}**${whyOf(ended.summary)}<br>${cell('it had ended before; nothing was started')}`;
}

function headline({ open, outcome, summary, status, environment, commit, branch }             )         {
  const stands = open ? (status?.stage ?? 'open') : (outcome ?? 'ended');
  const why = (open ? '' : whyOf(summary)) || waitsFor(status, open);
  return `**${cell(stands)}**${why}<br>${cell(`${commit} of ${branch} to ${environment}`)}`;
}

function whyOf(summary = '')         {
  const [first = ''] = summary.trim().split('\n');
  return first && `: ${cell(first)}`;
}

function waitsFor(status                           , open         )         {
  if (!open || !status?.waitingFor) return '';
  return `: ${cell(`waits for ${status.waitingFor.what} by ${status.waitingFor.who}`)}`;
}

function causeOf({ code, title, detail, next }                                       )         {
  return `**${cell(`${code} ${title}`)}**: ${cell(detail)}<br>${cell(next)}`;
}

function regionTable({ regions }               )           {
  const rows = regions.flatMap(({ region, components }) =>
    components.map(({ component, image, phase }) => [region, component, digestOf(image) ?? image, phase]),
  );
  if (rows.length === 0) return [];
  const more = rows.length - mostRows;
  return [
    '| region | component | digest | |',
    '| --- | --- | --- | --- |',
    ...rows.slice(0, mostRows).map((row) => `| ${row.map(cell).join(' | ')} |`),
    ...(more > 0 ? ['', `… and ${more} more`] : []),
  ];
}

/** A stranger's text that means nothing to Markdown, nor to HTML: all but letters, digits and a few others is written as its number. */
function cell(text        )         {
  return (0,whole_text/* head */.d5)((0,safe_text/* oneLine */.TN)(text), longestCell).replaceAll(
    /[^\p{L}\p{N} /,;()-]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
}

function summary_link(name        , url        )         {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return cell(name);
  return `<a href="${parsed.href.replaceAll(/[&"'<>]/g, (found) => `&#${found.codePointAt(0)};`)}">${cell(name)}</a>`;
}

;// ./client/github-action/release.ts
                                                                                                 
                                                                            



                                                     
                                                         


                                                              
                                       




                                                   

                                          


                       
                                          
                                                 
                                           
                 
 

/** What is known of the release so far. */
                 
               
                           
                     
                                                                                                
                                     
                            
 

/** Starts a release, follows it as far as was asked for, and returns the exit code. Never throws. */
async function release_release(step      )                  {
  const inputs = readInputs(step.env);
  if (Array.isArray(inputs)) return refuseInputs(step.runner, inputs);
  const known        = {};
  try {
    const { gateway, token } = release_connect(step, inputs);
    // Before anything is asked for: a job that is cancelled until then has started nothing.
    await token();
    const code = await startAndFollow(step, gateway, inputs, known);
    tell(step.runner, inputs, known);
    return code;
  } catch (error) {
    return conclude(step, inputs, known, inAJob(error, inputs, step.env['GITHUB_REPOSITORY_ID'] ?? ''));
  }
}

function refuseInputs(runner        , problems           )         {
  for (const { what, next } of problems) runner.annotate('error', `${what}\n${next}`, { title: 'Slipway: inputs' });
  return outcomes/* otherExitCodes */.PH.usage;
}

function release_connect({ env, io, runner }      , { gateway: url, audience, abortToken }        ) {
  if (abortToken !== undefined) runner.mask(abortToken);
  const token = idTokens({ env, audience, io, mask: (secret) => runner.mask(secret) });
  return { gateway: createGatewayClient({ url, token, io }), token };
}

async function startAndFollow(step      , gateway               , inputs        , known       )                  {
  const { runner } = step;
  const { request, wait } = inputs;
  known.asked = true;
  const started = (known.started = await gateway.start(request));
  const { releaseId, created, ended } = started;
  runner.log(`release: ${releaseId}${created ? '' : ' (it was there already; nothing new was started)'}`);
  runner.output('release', releaseId);
  runner.output('url', urlOf(inputs, started));
  if (ended?.noMore) throw overtaken(releaseId, ended.noMore);
  if (ended) return tellEnd(runner, releaseId, ended);
  if (wait === 'none') return 0;
  const until = wait === 'gates' ? isBehindGates : () => false;
  const seen = await follow({ cli: step, gateway, releaseId, view: noting(step, known), until });
  return seen.open ? 0 : exitCodeOf(seen);
}

/** Of an attempt that had ended before this job has asked for it. */
function tellEnd(runner        , releaseId        , ended             )         {
  const says = `it has ended: ${ended.outcome}${ended.summary ? `, ${ended.summary}` : ''}`;
  const exitCode = exitCodeOf({ releaseId, ...ended });
  runner.log(says);
  runner.output('outcome', ended.outcome);
  if (exitCode !== 0) runner.annotate('error', `${releaseId}: ${says}\n${anotherAttempt}`, { title: 'Slipway' });
  return exitCode;
}

const anotherAttempt = 'For another attempt start the workflow anew with `new-attempt: true`.';

/** As it is seen last is what the summary tells. */
function noting({ runner, io }      , known       )             {
  const view = logView(runner, () => io.now());
  return {
    ...view,
    show(seen) {
      known.seen = seen;
      known.status = seen.status ?? known.status;
      known.plan = seen.status?.planHash ?? seen.recorded?.planHash ?? known.plan;
      view.show(seen);
    },
  };
}

/** Builds, scans and tests are over, and the plan is there: what comes now is for people, and for other releases of the lane. */
function isBehindGates({ status }             )          {
  return status !== undefined && !gates.has(status.stage);
}

const gates                     = new Set(['joining', 'building', 'checking', 'planning']);

async function conclude(step      , inputs        , known       , failure            )                  {
  const { runner, io } = step;
  const { message, next, exitCode, problems = [] } = failure.details;
  if ((0,failures/* isInterrupted */.fT)(failure) && !known.asked) {
    runner.annotate('warning', 'The job was cancelled before anything was started.', { title: 'Slipway' });
    return exitCode;
  }
  if ((0,failures/* isInterrupted */.fT)(failure)) {
    const startAgain = (within                              ) => release_started(step, inputs, { ...io, ...within });
    const releaseId = known.started?.releaseId;
    const { becomes, goesOn } = await callOff({ inputs, releaseId, startAgain, io });
    const says = `The job was cancelled: ${becomes}.`;
    const then = known.seen && goesOn ? next : 'A job that is run again finds it.';
    runner.annotate('warning', `${says}\n${then}`, { title: 'Slipway' });
    tell(runner, inputs, known, (0,failures/* amended */.P3)(failure, { message: says, next: then }));
    return exitCode;
  }
  runner.annotate('error', `${message}\n${next}`, { title: 'Slipway' });
  for (const { file, line, column: col, message: said, hint } of problems)
    runner.annotate('error', hint ? `${said} (${hint})` : said, { file, line, col, title: 'Slipway' });
  tell(runner, inputs, known, failure);
  return exitCode;
}

async function release_started(step      , inputs        , io            )                  {
  return (await release_connect({ ...step, io }, inputs).gateway.start(inputs.request)).releaseId;
}

/** Outputs and summary, and what a failed release says on top of the run. */
function tell(runner        , inputs        , known       , failure             )       {
  const { started, seen, status, plan } = known;
  const cause = status?.failure;
  if (cause && seen?.open === false)
    runner.annotate('error', `${cause.detail}\n${cause.next}`, { title: `${cause.code} ${cause.title}` });
  if (!started) return;
  if (seen?.outcome !== undefined) runner.output('outcome', seen.outcome);
  if (plan !== undefined) runner.output('plan', plan);
  const { releaseId } = started;
  const { ended } = started;
  runner.summary(summaryOf({ releaseId, url: urlOf(inputs, started), seen, ended, status, failure: failure?.details }));
}

function urlOf({ gateway }        , { releaseId, pageUrl, temporalUrl }                )         {
  return pageUrl ?? temporalUrl ?? `${gateway}/v1/releases/${encodeURIComponent(releaseId)}`;
}

/** What was verified once says nothing of what runs now: to be taken for a success it must still be there. */
function overtaken(releaseId        , noMore          )             {
  const lines = noMore.map((line) => `\n${line}`).join('');
  return (0,failures/* refusedFailure */.NR)(
    `${releaseId} was verified, and is not what is there now; nothing was started:${lines}`,
    'To put it there again: start the workflow anew with `new-attempt: true` (and `downgrade: true`, where what is verified by now is not in its past).',
  );
}


/***/ },

/***/ "./client/github-action/runner.ts"
(__unused_webpack_module, __webpack_exports__, __webpack_require__) {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  j: () => (/* binding */ createRunner)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__("node:crypto");
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__("node:fs");
// EXTERNAL MODULE: ./client/cli/safe-text.ts
var safe_text = /*#__PURE__*/__webpack_require__("./client/cli/safe-text.ts");
// EXTERNAL MODULE: ./domain/whole-text.ts
var whole_text = /*#__PURE__*/__webpack_require__("./domain/whole-text.ts");
;// ./client/github-action/workflow-commands.ts



/** Where an annotation is shown, and what it is called. */
                                                                                                           

/** The runner takes 4 kB of an annotation; of a line it takes more than anybody reads. */
const longest = 4_000;

/**
 * A line that runners obey: https://docs.github.com/actions/reference/workflow-commands-for-github-actions. What ends a line, a property or
 * the properties is written as actions/toolkit writes it.
 */
function commandLine(name        , data        , properties             = {})         {
  const named = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  const text = name === 'add-mask' ? data : (0,whole_text/* head */.d5)((0,safe_text/* safeText */.Hk)(data), longest);
  return `::${name}${named.length > 0 ? ` ${named.join(',')}` : ''}::${escaped(text)}`;
}

/**
 * A line that no runner obeys, whatever is in it. Commands are `::name` at the beginning, behind spaces too, and in their older form `##[name`
 * anywhere.
 */
function plainLine(text        )         {
  return (0,whole_text/* head */.d5)((0,safe_text/* oneLine */.TN)(text), longest).replace(/^::/, ': :').replaceAll('##[', '## [');
}

function escaped(text        )         {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text        )         {
  return escaped((0,whole_text/* head */.d5)((0,safe_text/* oneLine */.TN)(text), 500))
    .replaceAll(':', '%3A')
    .replaceAll(',', '%2C');
}

;// ./client/github-action/runner.ts




                                                         

/** What a step can say to the runner that runs it. Everything may be a stranger's text. */
                         
                           
                          
                                                          
                             
                   
                                                            
                                                                                                  
                                                         
                             
                                            
                                         
                                  
 

                         
                                          
                                   
 

function createRunner({ env, write }               )         {
  const say = (line        ) => void write(`${line}\n`);
  const append = (name        , text        ) => {
    const file = env[name];
    if (file) (0,external_node_fs_.appendFileSync)(file, text);
  };
  return {
    log: (line) => say(plainLine(line)),
    group: (title) => say(commandLine('group', (0,safe_text/* oneLine */.TN)(title))),
    endGroup: () => say(commandLine('endgroup', '')),
    annotate: (level, message, properties) => say(commandLine(level, message, properties)),
    mask: (secret) => say(commandLine('add-mask', secret)),
    output(name, value) {
      // Nobody can end a value by what is in it who does not know this.
      const end = `end-${(0,external_node_crypto_.randomUUID)()}`;
      append('GITHUB_OUTPUT', `${name}<<${end}\n${(0,safe_text/* oneLine */.TN)(value)}\n${end}\n`);
    },
    summary: (markdown) => append('GITHUB_STEP_SUMMARY', markdown),
  };
}


/***/ },

/***/ "./domain/contract/names.ts"
(__unused_webpack_module, __webpack_exports__, __webpack_require__) {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ht: () => (/* binding */ orderOfRollback)
});

// UNUSED EXPORTS: buildQueue, commitOfRelease, deploymentName, engineQueue, engineWatchQueue, environmentQueue, environmentUses, laneId, laneInPath, laneOfLane, laneOfRun, messages, releaseId, rollbackId, searchAttributes, workflowTypes

;// ./domain/run-kinds.ts
                                                     
                                                                    

/**
 * One kind of run: everything that is asked about it anywhere. A new kind is a row here, and a workflow of that type; by what the records know that
 * one was asked for stands in activities/records/schema-known-runs.ts.
 */
                          
                                                 
                       
                                                                                                             
                 
                                       
                     
     
                                                                                                                                          
                                                                                                                                         
     
                                                             
                                         
                               
                                                                     
                             
                                                            
                              
                                                   
                                               
 

                                    
                                             

                                               

const everyRun = ['joinLane', 'verifySignature', 'checkDecision', 'announce', 'takeOver', 'recordEnd']         ;
const building = ['readRelease', 'buildImage', 'scanImages', 'scanSource', 'runTests', 'runGate']         ;
const agreeing = ['lookAtRegions', 'planMigration', 'planRelease', 'judgePlanDrift', 'consumeApproval']         ;
const migrating = ['startMigration', 'watchMigration', 'verifyMigration']         ;
const inRegions = ['applyComponent', 'watchRollout', 'verifyRegion', 'observeRegion']         ;
const recording = ['tagImages', 'recordVerified']         ;
const goingBack = ['chooseRollbacks']         ;

const aboutARelease = ['service', 'environment', 'commit', 'requestedBy', 'stage']         ;

const runKinds = {
  release: {
    workflowType: 'deployRelease',
    prefix: 'release',
    inLane: 'release',
    authority: 'approvals',
    purposes: ['deploy', 'roll-back'],
    steps: [...everyRun, ...building, ...agreeing, ...migrating, ...inRegions, ...recording, ...goingBack],
    priority: 3,
    searchAttributes: aboutARelease,
  },
  rollback: {
    workflowType: 'rollBackRelease',
    prefix: 'rollback',
    inLane: 'rollback',
    authority: { orderedBy: ['decider', 'breach'] },
    purposes: ['roll-back'],
    steps: [...everyRun, 'findRelease', ...inRegions, ...goingBack],
    priority: 1,
    searchAttributes: aboutARelease,
  },
}                            ;

/** Not a run, but somebody who calls steps too. Nobody else may call these. */
const laneCaller = {
  workflowType: 'environmentLane',
  prefix: 'lane',
  steps: ['beginLane', 'recordLane', 'lookAtHolder', 'verifyOrder'],
  priority: 1,
}         ;

/** Every step that anybody may call. The workers' own list of steps is held against it when they are compiled. */
                      
                                                                                                       
                                                 
                 
                                      

/** A run's id, taken apart; undefined for one that is of none of these kinds. */
function readRunId(
  workflowId        ,
  kinds           = runKinds,
)                                                              {
  const [prefix, service, environment, ...about] = workflowId.split('/');
  const kind = Object.values(kinds).find((one) => one.prefix === prefix);
  if (!kind || !service || !environment || !about.some((part) => part !== '')) return undefined;
  return { kind, lane: { service, environment }, about: about.join('/') };
}

/** As what a run stands in its lane: its id says so, whatever it says itself. Rollbacks go first and pass what keeps others out. */
function memberKindOf(workflowId        , kinds           = runKinds)             {
  return readRunId(workflowId, kinds)?.kind.inLane ?? 'release';
}

/** Whether it may change a region for this. A run that deploys nothing only goes back. */
function isFor(workflowId        , purpose         , kinds           = runKinds)          {
  return readRunId(workflowId, kinds)?.kind.purposes.includes(purpose) ?? false;
}

/** Whether such an order can be what this run carries out. */
function takesOrdersBy(workflowId        , orderer         , kinds           = runKinds)          {
  const authority = readRunId(workflowId, kinds)?.kind.authority ?? 'approvals';
  return authority !== 'approvals' && authority.orderedBy.includes(orderer);
}

/** Why this workflow may not call this step; undefined when it may. Its type and its id must be those of one kind. */
function refuseStep(
  { workflowId, workflowType, step }                                                            ,
  kinds           = runKinds,
)                     {
  const isLane = /^lane\/[^/]+\/[^/]+$/.test(workflowId);
  const caller = isLane ? laneCaller : readRunId(workflowId, kinds)?.kind;
  if (caller?.workflowType !== workflowType) return `${workflowType} ${workflowId} is no run that may call steps`;
  const steps                    = caller.steps;
  return steps.includes(step) ? undefined : `a ${caller.prefix} may not call ${step}`;
}

;// ./domain/contract/names.ts
/* unused harmony import specifier */ var names_laneCaller;
/* unused harmony import specifier */ var names_runKinds;
/* unused harmony import specifier */ var names_readRunId;
/** Every name that Temporal stores: workflow types, messages, attributes, queues and ids. Built here and nowhere else. */

                                                

const workflowTypes = {
  deployRelease: runKinds.release.workflowType,
  rollBackRelease: runKinds.rollback.workflowType,
  environmentLane: laneCaller.workflowType,
}         ;

const deploymentName = 'slipway-workflows';

/** At most eight, all Keyword: a run is found by what it is about and by what it waits for. */
const searchAttributes = (/* unused pure expression or super */ null && ({
  service: 'SlipwayService',
  environment: 'SlipwayEnvironment',
  commit: 'SlipwayCommit',
  stage: 'SlipwayStage',
  outcome: 'SlipwayOutcome',
  waitingFor: 'SlipwayWaitingFor',
  requestedBy: 'SlipwayRequestedBy',
}))         ;
                                                            

/** Queue of the workflows and of the activities that need no environment's credentials. */
const engineQueue = 'slipway';
/** Engine steps that may have to fetch a repository first: minutes, in slots of their own, so that nothing short waits behind them. */
const engineWatchQueue = 'slipway.watch';
/** Code from repositories runs on this queue's workers, which hold no deploy credentials. */
const buildQueue = 'build';
/**
 * What an environment's workers are asked for, each in slots of its own: short changes, watching for minutes or hours, and the way back,
 * which neither may keep waiting.
 */
const environmentUses = (/* unused pure expression or super */ null && (['change', 'watch', 'roll-back', 'roll-back-watch']))         ;
                                                              
/** No name of an environment has a dot: no queue is ever that of another environment. */
function environmentQueue(environment        , use                )         {
  return use === 'change' ? `environment-${environment}` : `environment-${environment}.${use}`;
}

                          
                  
                      
 
/** As it stands in ids, and as its chain of the audit is called. */
function laneInPath({ service, environment }         )         {
  return `${service}/${environment}`;
}
function laneId({ service, environment }         )         {
  return `${names_laneCaller.prefix}/${service}/${environment}`;
}

/** The lane that this is the workflow of; undefined for other workflows. */
function laneOfLane(workflowId        )                      {
  const [prefix, service, environment, ...more] = workflowId.split('/');
  return prefix === names_laneCaller.prefix && service && environment && more.length === 0
    ? { service, environment }
    : undefined;
}

                                             
                 
                  
 
function releaseId({ service, environment, commit, attempt }            )         {
  return `${names_runKinds.release.prefix}/${service}/${environment}/${commit}/${attempt}`;
}
/** The commit that a release is about; undefined for ids of other kinds. */
function commitOfRelease(id        )                     {
  const { kind, about } = names_readRunId(id) ?? {};
  return kind?.prefix === names_runKinds.release.prefix ? about?.split('/')[0] : undefined;
}
function rollbackId({ service, environment }         , orderId        )         {
  return `${names_runKinds.rollback.prefix}/${service}/${environment}/${orderId}`;
}
/** The order that this run carries out: a decision, or a breach; undefined for a run that stands for itself. */
function orderOfRollback(workflowId        , kinds           = runKinds)                     {
  const { kind, about = '' } = readRunId(workflowId, kinds) ?? {};
  return kind && kind.authority !== 'approvals' && !about.includes('/') ? about : undefined;
}
/** The lane that a run's workflow id belongs to; undefined for ids that are not ours. */
function laneOfRun(workflowId        , kinds           = names_runKinds)                      {
  return names_readRunId(workflowId, kinds)?.lane;
}

const messages = (/* unused pure expression or super */ null && ({
  /** Update (answered) and Signal (for tools that can only signal): a SignedDecision. */
  decide: 'decide',
  decideSignal: 'decideBySignal',
  /** Query: ReleaseStatus. */
  status: 'status',
  /** Signal: a newer version is current. Nothing else is meant by it. */
  wake: 'wake',
  /** Lane → run. */
  laneAnswer: 'laneAnswer',
  /** Run → lane. */
  joinLane: 'joinLane',
  claimLane: 'claimLane',
  leaveLane: 'leaveLane',
  /** Gateway → lane, Update: a SignedLaneOrder. */
  orderLane: 'orderLane',
  /** Query: LaneStatus. */
  laneStatus: 'laneStatus',
}))         ;


/***/ },

/***/ "./domain/outcomes.ts"
(__unused_webpack_module, __webpack_exports__, __webpack_require__) {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L2: () => (/* binding */ isOutcome),
/* harmony export */   Pr: () => (/* binding */ meaningOf)
/* harmony export */ });
/* unused harmony exports outcomeOfLost, endOnRecord, laneDisposition */
/* unused harmony import specifier */ var hadChanged;
/* unused harmony import specifier */ var head;
                                                          
                                                         



/** What follows from how a run has ended. */
                          
                                    
                                
                                                                                                
                                
                                                                                      
                   
                                                                                                                                             
                                              
                                                                                          
                
                                                                                                                                            
                  
                             
                     
 

                                             
                   
               
 

/** Ended on purpose, before anything was changed. */
const nothingChanged = {
  close: 'completed',
  lane: 'free',
  changed: false,
  undoable: false,
  back: false,
  proven: false,
  level: 'attention',
}         ;

/**
 * How a run can end, and what that means: the one table that Temporal's close status, exit codes, the lane, the records, the gateway and the
 * command line read. None of them asks for an outcome by its name: a new one is a row here.
 */
const outcomes = {
  verified: {
    close: 'completed',
    exitCode: 0,
    lane: 'free',
    changed: true,
    undoable: 'current',
    back: false,
    proven: true,
    level: 'info',
    says: 'deployed and verified in every region',
  },
  unproven: {
    close: 'completed',
    exitCode: 16,
    lane: 'free',
    changed: true,
    undoable: 'current',
    back: false,
    proven: false,
    level: 'attention',
    says: 'deployed everywhere, but it could not be told of every region whether it is well',
  },
  'rolled-back': {
    close: 'completed',
    exitCode: 10,
    lane: 'hold',
    changed: true,
    undoable: false,
    back: true,
    proven: false,
    level: 'attention',
    says: 'failed, and the last verified release is back',
  },
  rejected: { ...nothingChanged, exitCode: 11, says: 'a person said no' },
  expired: { ...nothingChanged, exitCode: 12, says: 'nobody approved in time' },
  superseded: { ...nothingChanged, exitCode: 13, says: 'a newer release took its place; not verified' },
  aborted: { ...nothingChanged, exitCode: 14, says: 'stopped by a person before anything was changed' },
  failed: {
    ...nothingChanged,
    close: 'failed',
    exitCode: 1,
    level: 'problem',
    says: 'failed before anything was changed',
  },
  halted: {
    close: 'failed',
    exitCode: 15,
    lane: 'hold',
    changed: true,
    undoable: 'left-behind',
    back: false,
    proven: false,
    level: 'problem',
    says: 'failed, and a person must look before anything else is deployed; slipway status ID --why names the ways on',
  },
}                                              ;

                                            

/**
 * How a run has ended that was ended from outside: nobody knows what it left behind, so that somebody looks. All that the gateway's login may say
 * of an end (activities/records/rights.ts).
 */
const outcomeOfLost = 'halted'                  ;

/** No outcome at all, or one that a newer version has recorded and this one does not know: never taken for harmless, nor for well. */
const notKnown                 = {
  close: 'failed',
  lane: 'hold',
  changed: true,
  undoable: false,
  back: false,
  proven: false,
  level: 'attention',
};

/** What follows from an outcome as recorded. */
function meaningOf(outcome                    )                 {
  return outcome !== undefined && isOutcome(outcome) ? outcomes[outcome] : notKnown;
}

function isOutcome(text        )                  {
  return Object.hasOwn(outcomes, text);
}

                             
                                                                   
                                          
     
                                                                                                                                            
                                                                    
     
                                                                         
                                                                            
                                     
 

/**
 * How a run has ended, in the light of the records. A run that was reset, or started again, may not know what was changed under its id; and
 * that all is well is not believed because a run says so. What the records do not bear out halts, so that somebody looks.
 */
function endOnRecord(
  { outcome, summary }                                      ,
  { changed = [], seen, orderedBackBy }            ,
)                                       {
  // No proof is asked for a word that nobody knows: it is no end.
  if (!isOutcome(outcome)) {
    const unknown = `${summary}; but it has ended as ${JSON.stringify(head(outcome, 50))}, which is no outcome`;
    return { outcome: changed.length > 0 ? 'halted' : 'failed', summary: unknown };
  }
  const { changed: mayChange, lane, proven, back } = meaningOf(outcome);
  const isHeld = back ? seen.isBack && changed.length > 0 : lane === 'hold';
  const isBorneOut = mayChange
    ? isHeld || (proven ? seen.isVerified : !back && lane === 'free' && seen.mayBeUnproven)
    : changed.length === 0;
  const isBackAsOrdered = outcome === 'halted' || (back && seen.isBack);
  if (isBorneOut && orderedBackBy !== undefined && changed.length > 0 && !isBackAsOrdered)
    return { outcome: 'halted', summary: `${summary}; but ${orderedBackBy} had ordered it back, and it is not` };
  if (isBorneOut) return { outcome, summary };
  if (changed.length === 0)
    return { outcome: 'failed', summary: `${summary}; but nothing on record bears out that it is ${outcome}` };
  // What was changed, whoever tells this names from the records: the hold, the notice of the end, and how the run is seen to have ended.
  if (mayChange)
    return { outcome: 'halted', summary: `${summary}; but not all that it had changed was seen well: look at it` };
  // A step that was refused for it has said so already.
  const isSaid = summary.includes(hadChanged(changed));
  const said = isSaid ? summary : `${summary}; but an earlier run under this id had changed something`;
  return { outcome: 'halted', summary: `${said}: look at what it left behind` };
}

/** Exit codes of the CLI that are not outcomes. */
const otherExitCodes = {
  usage: 2,
  refused: 3,
  unreachable: 4,
  stillRunning: 5,
  interrupted: 130,
}         ;

function laneDisposition(outcome                    , reason        )                  {
  return meaningOf(outcome).lane === 'hold' ? { kind: 'hold', reason } : { kind: 'free' };
}

/* harmony export */ __webpack_require__.d(__webpack_exports__, [
/* harmony export */   "KI", 0, /* binding */ outcomes,
/* harmony export */   "PH", 0, /* binding */ otherExitCodes
/* harmony export */ ]);


/***/ },

/***/ "./domain/whole-text.ts"
(__unused_webpack_module, __webpack_exports__, __webpack_require__) {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   d5: () => (/* binding */ head),
/* harmony export */   qi: () => (/* binding */ firstSentence)
/* harmony export */ });
/* unused harmony exports noTextAt, tail, withoutMiddle, noteIn, inSentences */
/**
 * Where a value holds what is no text: half of a character (a surrogate without its other half), which no UTF-8 can say, or NUL, which no
 * database keeps. JSON carries both as escapes, past whoever reads only bytes. Answers the keys that lead there, joined by dots (empty for the
 * value itself); undefined where all of it is text. Level by level: what strangers send may be nested deeper than a stack.
 */
function noTextAt(value         )                     {
  const left = [{ at: '', each: value }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { at, each } = next;
    if (typeof each === 'string' && !isText(each)) return at;
    if (typeof each !== 'object' || each === null) continue;
    for (const [key, inside] of Object.entries(each)) {
      // A key that is none cannot be named either.
      if (!isText(key)) return at;
      left.push({ at: at === '' ? key : `${at}.${key}`, each: inside });
    }
  }
  return undefined;
}

function isText(text        )          {
  return text.isWellFormed() && !text.includes('\0');
}

/**
 * The beginning of a text: at most so many characters as `length` counts them, of which what lies outside of Unicode's first plane takes two.
 * What is cut between the two is no text any more, and whoever reads it later reads something else: such a one is left out.
 */
function head(text        , most        )         {
  const end = Math.max(0, most);
  return text.slice(0, isWithinCharacter(text, end) ? end - 1 : end);
}

/** The end of a text, as `head` cuts its beginning. */
function tail(text        , most        )         {
  const from = Math.max(0, text.length - Math.max(0, most));
  return text.slice(isWithinCharacter(text, from) ? from + 1 : from);
}

const gap = ' … ';

/** Beginning and end of a text that is too long. */
function withoutMiddle(text        , most        )         {
  if (text.length <= most) return text;
  if (most < gap.length) return head(text, most);
  const half = Math.floor((most - gap.length) / 2);
  return `${head(text, half)}${gap}${tail(text, half)}`;
}

function isWithinCharacter(text        , at        )          {
  return (text.codePointAt(at - 1) ?? 0) > 0xff_ff;
}

const longestNote = 300;

/** What stands beside a region, or a component of it: the first line, which has the cause. */
function noteIn(why        )         {
  return head(why.split('\n', 1)[0] ?? '', longestNote);
}

const longestSentence = 400;

/** What is told of a text of several sentences where there is room for one: the first of its lines. */
function firstSentence(text        )         {
  const [line = ''] = text.trim().split('\n', 1);
  return line.length > longestSentence ? `${head(line, longestSentence)}…` : line.replace(/\.$/, '');
}

/** Each on a line of its own, so that the first can be told alone, and none runs into the next where they are told on one line. */
function inSentences(sentences                   )         {
  return sentences.map((one) => (/[.!?…]$/.test(one) ? one : `${one}.`)).join('\n');
}


/***/ },

/***/ "node:crypto"
(module, __unused_webpack_exports, __webpack_require__) {

const x = (y) => {
	const x = {}; __webpack_require__.d(x, y); return x
} 
const y = (x) => (() => (x))
module.exports = x({ ["createHash"]: () => (__WEBPACK_EXTERNAL_MODULE_node_crypto_803ecaf5__.createHash), ["randomUUID"]: () => (__WEBPACK_EXTERNAL_MODULE_node_crypto_803ecaf5__.randomUUID) });

/***/ },

/***/ "node:fs"
(module, __unused_webpack_exports, __webpack_require__) {

const x = (y) => {
	const x = {}; __webpack_require__.d(x, y); return x
} 
const y = (x) => (() => (x))
module.exports = x({ ["appendFileSync"]: () => (__WEBPACK_EXTERNAL_MODULE_node_fs_75ed2103__.appendFileSync), ["default"]: () => (__WEBPACK_EXTERNAL_MODULE_node_fs_75ed2103__["default"]) });

/***/ },

/***/ "node:timers/promises"
(module, __unused_webpack_exports, __webpack_require__) {

const x = (y) => {
	const x = {}; __webpack_require__.d(x, y); return x
} 
const y = (x) => (() => (x))
module.exports = x({ ["setTimeout"]: () => (__WEBPACK_EXTERNAL_MODULE_node_timers_promises_eb16eb97__.setTimeout) });

/***/ },

/***/ "buffer"
(module) {

module.exports = __WEBPACK_EXTERNAL_createRequire_require("buffer");

/***/ },

/***/ "process"
(module) {

module.exports = __WEBPACK_EXTERNAL_createRequire_require("process");

/***/ }

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ const __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __webpack_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	const cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	const module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	__webpack_modules__[moduleId](module, module.exports, __webpack_require__);
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __webpack_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	const webpackQueues = Symbol("webpack queues");
/******/ 	const webpackExports = Symbol("webpack exports");
/******/ 	const webpackError = Symbol("webpack error");
/******/ 	
/******/ 	const resolveQueue = (queue) => {
/******/ 		if(queue?.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	const wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 	
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				const queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				const obj = {};
/******/ 	
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		const ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__webpack_require__.a = (module, body, hasAwait) => {
/******/ 		let queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		const depQueues = new Set();
/******/ 		const exports = module.exports;
/******/ 		let currentDeps;
/******/ 		let outerResolve;
/******/ 		let reject;
/******/ 		const promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		const handle = (deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			let fn;
/******/ 			const getResult = () => (currentDeps.map((d) => {
/******/ 	
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			const promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				const fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.forEach((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}
/******/ 		const done = (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue))
/******/ 	
/******/ 		body(handle, done);
/******/ 		queue?.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ // define getter/value functions for harmony exports
/******/ __webpack_require__.d = (exports, definition) => {
/******/ 	if(Array.isArray(definition)) {
/******/ 		var i = 0;
/******/ 		while(i < definition.length) {
/******/ 			var key = definition[i++];
/******/ 			var binding = definition[i++];
/******/ 			var descriptor = binding === 0 ? { enumerable: true, value: definition[i++] } : { enumerable: true, get: binding };
/******/ 			if(!__webpack_require__.o(exports, key)) Object.defineProperty(exports, key, descriptor);
/******/ 		}
/******/ 	} else {
/******/ 		for(var key in definition) {
/******/ 			if(__webpack_require__.o(definition, key) && !__webpack_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	}
/******/ };
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ __webpack_require__.f = {};
/******/ // This file contains only the entry chunk.
/******/ // The chunk loading function for additional chunks
/******/ __webpack_require__.e = (chunkId) => {
/******/ 	const promises = [];
/******/ 	__webpack_require__.f.j(chunkId, promises);
/******/ 	return Promise.all(promises);
/******/ };
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ __webpack_require__.o = (obj, prop) => (Object.hasOwn(obj, prop));
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	const chunkImports = {
/******/ 		"vendors-node_modules_openid-client_build_index_js": () => (import("./vendors-node_modules_openid-client_build_index_js.js")),
/******/ 		"client_cli_login_provider_ts": () => (import("./client_cli_login_provider_ts.js")),
/******/ 		"vendors-node_modules_yaml_dist_index_js-node_modules_zod_v4_classic_iso_js": () => (import("./vendors-node_modules_yaml_dist_index_js-node_modules_zod_v4_classic_iso_js.js")),
/******/ 		"pipeline_index_ts": () => (import("./pipeline_index_ts.js"))
/******/ 	};
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	const installedChunks = {
/******/ 		"index": 0
/******/ 	};
/******/ 	
/******/ 	const installChunk = (data) => {
/******/ 		let {__webpack_esm_ids__, __webpack_esm_modules__, __webpack_esm_runtime__} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in __webpack_esm_modules__) {
/******/ 			if(__webpack_require__.o(__webpack_esm_modules__, moduleId)) {
/******/ 				__webpack_require__.m[moduleId] = __webpack_esm_modules__[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(__webpack_esm_runtime__) __webpack_esm_runtime__(__webpack_require__);
/******/ 		for(;i < __webpack_esm_ids__.length; i++) {
/******/ 			chunkId = __webpack_esm_ids__[i];
/******/ 			if(__webpack_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[chunkId] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__webpack_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			let installedChunkData = __webpack_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						let promise = chunkImports[chunkId]().then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ 	// no HMR
/******/ 	
/******/ 	// no HMR manifest
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ let __webpack_exports__ = __webpack_require__("./client/github-action/main.ts");
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
