import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Applied, Delivery, DeliveryTarget, DeliveryWrite } from '../../activities/delivery/port.ts';
import type { PinnedImage } from '../../domain/contract/release.ts';

/** Where something is delivered to, and what may go wrong there. */
export interface DeliveryWorld {
  delivery: Delivery;
  /** `good` and `better` run; `crashing` ends by itself again and again, and says why before. */
  images: Record<'good' | 'better' | 'crashing', PinnedImage>;
  /** What `crashing` says. */
  lastWords: string;
  /** An image that runs, but not before it is allowed to. */
  aSlowImage(): { image: PinnedImage; finishPulling(): void };
  /** A component of its own that runs the good image already. */
  aTarget(): Promise<DeliveryTarget>;
  /** The next write happens, but its reply is lost. */
  loseNextReply(): void;
  /** Puts another image there by hand. */
  putByHand(target: DeliveryTarget): Promise<void>;
  /** Sets an environment variable there by hand. */
  setByHand(target: DeliveryTarget, name: string, value: string): Promise<void>;
  dispose(): Promise<void>;
}

const silent = new DefaultLogger('ERROR', () => undefined);
/** As a step would run it: a delivery says that it lives, and can be stopped. */
const acting = <T>(work: () => Promise<T>): Promise<T> => new MockActivityEnvironment({}, { logger: silent }).run(work);

const inPlace = (applied: Applied): boolean => Object.values(applied).every((part) => part.inPlace);

/** What every way of delivering must do, wherever it delivers to. */
export function describeDelivery(name: string, setUp: () => Promise<DeliveryWorld>): void {
  describe(`Delivery: ${name}`, () => {
    let world: DeliveryWorld;
    beforeAll(async () => {
      world = await setUp();
    });
    afterAll(() => world?.dispose());

    /** A place of its own, where the good image runs. Writes carry ticket 5 unless they say otherwise. */
    async function aPlace() {
      const { delivery, images, aTarget } = world;
      const target = await aTarget();
      const to = (image: PinnedImage): DeliveryTarget => ({ ...target, image });
      const write = (n = 5): DeliveryWrite => ({
        ticket: { incarnation: 1, n },
        releaseId: `release/shop/lab/${n}/1`,
        changeCause: `release ${n}`,
      });
      /** What this image is delivered as. */
      const made = (image: PinnedImage) => acting(() => delivery.plan(to(image)));
      /** To the good image and what this component has beside it; with what is told of it, and a look whether it is back. */
      const goBack = (component: DeliveryTarget['component']) =>
        acting(async () => {
          const back = { ...to(images.good), component };
          const good = await delivery.plan(back);
          const note = await delivery.watch(back, good, await delivery.revert(back, good, write()));
          return { note, look: await delivery.verify({ ...back, putBack: true }, good, 60_000) };
        });
      return {
        target,
        to,
        made,
        goBack,
        apply: (image: PinnedImage, n?: number) => acting(() => delivery.apply(to(image), write(n))),
        revert: (image: PinnedImage, n?: number) =>
          acting(async () => delivery.revert(to(image), await made(image), write(n))),
        watch: (image: PinnedImage, applied: Applied, timeoutMs = 60_000) => {
          const inTime = { ...to(image), rollout: { ...target.rollout, timeoutMs } };
          return acting(async () => delivery.watch(inTime, await made(image), applied));
        },
        verify: (image: PinnedImage, patienceMs = 0) =>
          acting(async () => delivery.verify(to(image), await made(image), patienceMs)),
      };
    }

    it('sees through a change whose reply was lost: what an earlier try wrote is not taken for what was there before', async () => {
      const { crashing } = world.images;
      const { apply, watch } = await aPlace();
      world.loseNextReply();
      await expect(apply(crashing)).rejects.toMatchObject({ details: { kind: 'retryable' } });
      const applied = await apply(crashing);
      expect(inPlace(applied)).toBe(false);
      await expect(watch(crashing, applied)).rejects.toMatchObject({
        details: { kind: 'terminal', blame: 'release', detail: expect.stringContaining(world.lastWords) },
      });
    });

    it('puts an image there, watches it come up, and says so; then it stands', async () => {
      const { better } = world.images;
      const { apply, watch, verify } = await aPlace();
      expect((await verify(better)).verdict).toBe('fail');
      const applied = await apply(better);
      expect(inPlace(applied)).toBe(false);
      expect(await watch(better, applied)).not.toBe('');
      expect(await verify(better)).toMatchObject({ verdict: 'pass' });
    });

    it('has nothing to watch where everything was in place', async () => {
      const { good } = world.images;
      const { apply, watch } = await aPlace();
      const applied = await apply(good);
      expect(inPlace(applied)).toBe(true);
      expect(await watch(good, applied)).toBe('');
    });

    it('keeps what it says of a write through a history: as JSON it is still understood', async () => {
      const { better } = world.images;
      const { apply, watch } = await aPlace();
      const recorded = JSON.parse(JSON.stringify(await apply(better))) as Applied;
      expect(await watch(better, recorded)).not.toBe('');
    });

    it('plans the same thing as the same hash, another one as another, and changes nothing by it', async () => {
      const { delivery, images } = world;
      const { made, verify } = await aPlace();
      const better = await made(images.better);
      expect(better.kind).toBe(delivery.kind);
      expect(await made(images.better)).toEqual(better);
      expect((await made(images.good)).digest).not.toBe(better.digest);
      expect((await verify(images.good)).verdict).toBe('pass');
    });

    it('refuses a late write: one with an older ticket, and one of a release that was rolled back since', async () => {
      const { good, better } = world.images;
      const { apply, revert, watch, verify } = await aPlace();
      await apply(better, 5);
      await expect(apply(good, 4)).rejects.toMatchObject({ details: { code: 'SLIP-K8S-4', kind: 'terminal' } });
      await watch(good, await revert(good, 5));
      await expect(apply(better, 5)).rejects.toMatchObject({ details: { code: 'SLIP-K8S-4', kind: 'terminal' } });
      expect((await verify(good)).verdict).toBe('pass');
    });

    it('puts back what was there, while the new one still crashes', async () => {
      const { good, crashing } = world.images;
      const { apply, revert, watch, verify } = await aPlace();
      await expect(watch(crashing, await apply(crashing))).rejects.toMatchObject({ details: { blame: 'release' } });
      await watch(good, await revert(good));
      expect(await verify(good)).toMatchObject({ verdict: 'pass' });
    });

    it('puts there what is wanted, or refuses, and never what the target would become instead', async () => {
      const { delivery, images } = world;
      const { to, made, apply, watch, verify } = await aPlace();
      const good = await made(images.good);
      await watch(images.better, await apply(images.better));
      const now = to(images.better);
      const write = { ticket: { incarnation: 1, n: 5 }, releaseId: 'release/shop/lab/5/1', changeCause: 'roll-back' };
      const isBack = await orRefused(async () => {
        await delivery.watch(now, good, await delivery.revert(now, good, write));
      });
      expect(await verify(isBack ? images.good : images.better)).toMatchObject({ verdict: 'pass' });
    });

    /** Whether it was done; false where the kind cannot make what is wanted of this target. */
    async function orRefused(work: () => Promise<void>): Promise<boolean> {
      try {
        await acting(work);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ details: { code: 'SLIP-REL-1' } });
        return false;
      }
    }

    it('cannot tell while it is still coming up, and waits as long as it may', async () => {
      const { image, finishPulling } = world.aSlowImage();
      const { apply, verify } = await aPlace();
      await apply(image);
      expect(await verify(image)).toMatchObject({ verdict: 'inconclusive' });
      const waits = verify(image, 60_000);
      finishPulling();
      expect(await waits).toMatchObject({ verdict: 'pass' });
    });

    it('says that it is not there when somebody put something else there by hand', async () => {
      const { good, better } = world.images;
      const { to, verify } = await aPlace();
      await world.putByHand(to(better));
      expect(await verify(good)).toMatchObject({ verdict: 'fail' });
    });

    it('blames no release for what somebody put there by hand', async () => {
      const { good, better } = world.images;
      const { apply, watch, to, verify } = await aPlace();
      await watch(good, await apply(good));
      await world.putByHand(to(better));
      expect(await verify(good)).toMatchObject({ verdict: 'fail', blame: 'world' });
    });

    it('finds before a change what is there, and names what is not', async () => {
      const { delivery } = world;
      const { target } = await aPlace();
      expect(await delivery.look(target)).toEqual({ wrong: [], lacking: [], unseen: [] });
      const workloads = target.component.workloads.map((workload) => ({ ...workload, deployment: 'nobody' }));
      const { wrong } = await delivery.look({ ...target, component: { ...target.component, workloads } });
      expect(wrong).toEqual([expect.stringMatching(/nobody does not exist/)]);
    });

    it('goes back with what is there, says what is not, and counts that against nothing', async () => {
      const { target, apply, goBack } = await aPlace();
      await apply(world.images.crashing);
      const gone = target.component.workloads.map((workload) => ({ ...workload, deployment: 'nobody' }));
      const back = (workloads: typeof gone) => goBack({ ...target.component, workloads });
      const { note, look } = await back([...gone, ...target.component.workloads]);
      expect(note).toMatch(/nobody does not exist: nothing is put back there; .*pods run [0-9a-f]{12}/);
      expect(look).toMatchObject({ verdict: 'pass', summary: expect.stringContaining('nobody does not exist') });
      expect(look).not.toHaveProperty('gone');
      expect(look).not.toHaveProperty('unseen');
      expect((await back(gone)).look).toMatchObject({ verdict: 'pass', gone: true, unseen: target.component.name });
    });

    it('goes back past a variable that others have set, says that it stays theirs, and counts that against nothing', async () => {
      const { better } = world.images;
      const { target, to, apply, watch, goBack } = await aPlace();
      await watch(better, await apply(better));
      await world.setByHand(to(better), 'LOG_LEVEL', 'loud');
      const delivery = { kind: world.delivery.kind, env: { LOG_LEVEL: 'debug' } };
      const { note, look } = await goBack({ ...target.component, delivery });
      expect(note).toMatch(/pods run [0-9a-f]{12}[^;]*; LOG_LEVEL stays as others have set it$/);
      expect(look).toMatchObject({ verdict: 'pass' });
    });

    it('cannot deliver to what does not exist, and blames no release for it', async () => {
      const { delivery, images } = world;
      const { target } = await aPlace();
      const workloads = target.component.workloads.map((workload) => ({ ...workload, deployment: 'nobody' }));
      const nowhere = { ...target, component: { ...target.component, workloads }, image: images.good };
      const write = { ticket: { incarnation: 1, n: 5 }, releaseId: 'release/shop/lab/5/1', changeCause: 'release 5' };
      await expect(acting(() => delivery.apply(nowhere, write))).rejects.toMatchObject({
        details: { kind: 'terminal', blame: 'operator' },
      });
      expect(await acting(async () => delivery.verify(nowhere, await delivery.plan(nowhere), 0))).toMatchObject({
        verdict: 'fail',
        blame: 'world',
      });
    });
  });
}
