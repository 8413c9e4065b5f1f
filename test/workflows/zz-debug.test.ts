import { it } from '@jest/globals';
import { useTemporal } from './support/temporal.ts';
const temporal = useTemporal();
it('debug', async () => {
  const world = temporal.world();
  const step = world.hold('buildImage');
  const run = await temporal.start(world);
  await step.reached;
  const h = temporal.env().client.workflow.getHandle(run.id);
  await h.cancel();
  step.go();
  await new Promise((r) => setTimeout(r, 4000));
  console.log(world.calls.join('\n'), JSON.stringify(await run.status().catch(String)).slice(0, 600));
  const { events } = await h.fetchHistory();
  console.log((events ?? []).slice(-25).map((e) => `${e.eventId} ${Object.keys(e).filter((k) => k.endsWith('Attributes')).join()} ${JSON.stringify(e.workflowTaskFailedEventAttributes?.failure?.message ?? '')}`).join('\n'));
});
