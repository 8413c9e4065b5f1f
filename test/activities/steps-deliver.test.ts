import { describe, expect, it } from '@jest/globals';
import { createDeploymentImage } from '../../activities/delivery/deployment-image.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import type { Delivery, DeliveryTarget } from '../../activities/delivery/port.ts';
import type { Registry } from '../../activities/images/port.ts';
import { keepChoice } from '../../activities/steps/chosen-way-back.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import type { ComponentInput } from '../../activities/steps/types.ts';
import { createVerifySteps } from '../../activities/steps/verify-steps.ts';
import type { DeliveryKind } from '../../domain/contract/delivery.ts';
import type { PinnedImage, ReleasePlan } from '../../domain/contract/release.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { aCommit, aPlannedComponent, anImage, aVerified } from '../domain/builders.ts';
import { together } from '../../domain/place-look.ts';
import { aReleaseThatMayAct, authorizing, heldAgainst } from '../support/acting-release.ts';
import { useStepsWorld } from '../support/steps-world.ts';

const world = useStepsWorld();

const kind = 'page' as DeliveryKind;
const template = { text: 'welcome' };
const digestOf = ({ image }: Pick<DeliveryTarget, 'image'>) => `${template.text} by ${image.slice(-4)}`;

/** A second way of delivering, which nothing but this file knows: a page in memory, made of a template and the image's name. */
function aPageDelivery(pages: Map<string, string>): Delivery {
  const at = ({ region, component }: DeliveryTarget) => `${region.name}/${component.name}`;
  return {
    kind,
    look: () => Promise.resolve(together([])),
    plan: (target) => Promise.resolve({ kind, digest: digestOf(target) }),
    apply(target) {
      pages.set(at(target), digestOf(target));
      return Promise.resolve({ page: { inPlace: false } });
    },
    watch: (target) => Promise.resolve(`it says ${pages.get(at(target)) ?? 'nothing'}`),
    verify: (target, wanted) => {
      const verdict = pages.get(at(target)) === wanted.digest ? 'pass' : 'fail';
      return Promise.resolve({ verdict, summary: pages.get(at(target)) ?? 'there is no page' });
    },
    revert(target, to) {
      pages.set(at(target), to.digest);
      return Promise.resolve({ page: { inPlace: true } });
    },
  };
}

/** A release of two components: an API that is an image in Deployments, and a page. */
async function aMixedRelease() {
  const { images } = world.region;
  const { deployment, plan } = await world.aDeployed(images.better);
  const image = anImage('page', '1');
  const page = aPlannedComponent('page', {
    image,
    workloads: [],
    delivery: { kind },
    artifact: { kind, digest: digestOf({ image }) },
  });
  const components = [...(plan.components as ReleasePlan['components']), page];
  const release = await aReleaseThatMayAct(world.records, { plan: { ...plan, components } });
  const pages = new Map<string, string>();
  const { kubernetes, environment } = world;
  const authority = authorizing(environment);
  const deploymentImage = createDeploymentImage({ kubernetes, registry: createRegistry(), now: Date.now });
  const deliveries = [deploymentImage, aPageDelivery(pages)];
  const about = { authority: release.authority, region: 'de', purpose: 'deploy' as const };
  return {
    ...release,
    deployment,
    pages,
    page: { ...about, component: 'page', image } satisfies ComponentInput,
    core: { ...about, component: 'core', image: images.better } satisfies ComponentInput,
    steps: {
      ...createRegionSteps({ ...authority, deliveries, registry: {} as Registry, now: () => 3_000 }),
      ...createVerifySteps({
        ...authority,
        deliveries,
        verification: { check: () => Promise.reject(new Error()) },
        now: Date.now,
      }),
    },
    withoutPages: createRegionSteps({
      ...authority,
      deliveries: [deploymentImage],
      registry: {} as Registry,
      now: () => 3_000,
    }),
  };
}

describe('a second way of delivering', () => {
  it('is used for the components that ask for it, beside the first one, and verified with it', async () => {
    const { act, steps, core, page, pages, authority } = await aMixedRelease();
    for (const input of [core, page]) {
      const applied = await act(steps.applyComponent, input);
      await act(steps.watchRollout, { ...input, applied, timeoutMs: 60_000 });
    }
    expect(pages.get('de/page')).toBe('welcome by 1111');
    const checks = await act(steps.verifyRegion, { authority, region: 'de', images: {}, purpose: 'deploy' });
    expect(checks.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'de: core digest pass',
      'de: page digest pass',
    ]);
  });

  it('is refused when what it would make is no longer what was approved', async () => {
    const { act, steps, page, pages } = await aMixedRelease();
    template.text = 'changed';
    try {
      await expect(act(steps.applyComponent, page)).rejects.toMatchObject({
        details: { code: 'SLIP-REL-1', detail: 'page would become changed by 1111 in de, and not welcome by 1111' },
      });
    } finally {
      template.text = 'welcome';
    }
    expect([...pages.keys()]).toEqual([]);
  });

  /** The mixed release is in place. What was verified before it was made of this image of the page, of another template; the API is as it was. */
  async function aMixedRollback(image: PinnedImage) {
    const release = await aMixedRelease();
    const { act, steps, core, page, lane } = release;
    const artifact = { kind, digest: 'hello by then' };
    await world.records.inventory.record([
      aVerified({ ...lane, component: 'page', image, artifact }),
      aVerified({ ...lane, component: 'core', image: core.image, artifact: imageArtifact({}, core.image) }),
    ]);
    // Rows of the past: the plan was held against them.
    await heldAgainst(world.records, lane, release.authority);
    for (const input of [core, page]) {
      const applied = await act(steps.applyComponent, input);
      await act(steps.watchRollout, { ...input, applied, timeoutMs: 60_000 });
    }
    const targets = [image, core.image].map((each, n) => ({
      component: n === 0 ? 'page' : 'core',
      image: each,
      releaseId: aVerified().releaseId,
      commit: aCommit('0'),
    }));
    await keepChoice(world.records, release.authority.releaseId, { kind: 'go', region: 'de', targets });
    const back = { ...page, image, purpose: 'roll-back' as const };
    const { authority } = release;
    const images = { core: core.image, page: image };
    return { ...release, back, verify: { authority, region: 'de', images, purpose: 'roll-back' as const } };
  }

  it.each([
    ['of another image', anImage('page', '0')],
    ['of the same image', anImage('page', '1')],
  ])(
    'puts back what was made then, %s, not what it would make of that image now, and verifies that',
    async (_of, image) => {
      const { act, steps, back, pages, verify } = await aMixedRollback(image);
      await expect(act(steps.verifyRegion, verify)).rejects.toMatchObject({
        details: { detail: expect.stringContaining('de, put back: page digest: welcome by 1111') },
      });
      const applied = await act(steps.applyComponent, back);
      expect(pages.get('de/page')).toBe('hello by then');
      expect(await act(steps.watchRollout, { ...back, applied, timeoutMs: 60_000 })).toEqual({
        note: 'it says hello by then',
      });
      expect(await act(steps.verifyRegion, verify)).toMatchObject([
        { verdict: 'pass' },
        { name: 'de, put back: page digest', verdict: 'pass' },
        { name: 'de, put back: endpoints', summary: expect.stringContaining('not on record any more') },
      ]);
    },
  );

  it('is not verified as something that was neither approved nor verified there before', async () => {
    const { act, steps, verify } = await aMixedRollback(anImage('page', '0'));
    const images = { ...verify.images, page: anImage('page', '9') };
    const detail = `page goes back to ${anImage('page', '0')} in de, and not to ${anImage('page', '9')}`;
    await expect(act(steps.verifyRegion, { ...verify, images })).rejects.toMatchObject({
      details: { code: 'SLIP-REL-1', detail },
    });
  });

  it('is asked of a worker that has it: one of an older version says so, and changes nothing', async () => {
    const { act, withoutPages, page, pages } = await aMixedRelease();
    await expect(act(withoutPages.applyComponent, page)).rejects.toMatchObject({
      details: { code: 'SLIP-DLV-1', detail: 'page is delivered by page' },
    });
    expect([...pages.keys()]).toEqual([]);
  });
});
