/** What can happen to a step, beside that it is taken: its process is killed or its request fails, before or after it was applied. */
export const FATES = ['kill-before', 'kill-after', 'fail-before', 'fail-after'] as const;
export type Fate = (typeof FATES)[number];

/** What must happen for a step to come up, beside the ordinary. */
type Needs =
  | 'nothing'
  | 'changes'
  | 'clean-up'
  | 'large'
  | 'large, clean-up'
  | 'groups'
  | 'letters'
  | 'letters, clean-up';

/** Every step of the protocol, by what it does to which entity. A step that comes up and is not here fails the run, so that none is left out. */
export const STEPS: Readonly<Record<string, Needs>> = {
  'ask for ends': 'nothing',
  'ask which hub': 'nothing',
  'read deployment': 'nothing',
  send: 'nothing',
  'write dead letters': 'nothing',
  'read mark': 'nothing',
  'page mark': 'clean-up',
  'write mark': 'nothing',
  'delete mark': 'clean-up',
  'read group': 'nothing',
  'page group': 'groups',
  'delete group': 'clean-up',
  'delete row': 'clean-up',
  'page state': 'nothing',
  'write group chunk': 'large',
  'page group chunk': 'large, clean-up',
  'delete group chunk': 'large, clean-up',
  'delete row chunk': 'large, clean-up',
  'write row chunk': 'large',
  'page progress': 'nothing',
  'read progress': 'nothing',
  'read source': 'nothing',
  'write source': 'nothing',
  'write progress': 'nothing',
  'page cursor': 'nothing',
  'read cursor': 'nothing',
  'write cursor': 'nothing',
  'delete cursor': 'clean-up',
  'read plan': 'changes',
  'write plan': 'changes',
  'page plan': 'nothing',
  'delete plan': 'clean-up',
  'page late': 'nothing',
  'write late': 'nothing',
  'delete late': 'nothing',
  'read window': 'nothing',
  'page window': 'nothing',
  'write window writing': 'nothing',
  'write window ready': 'nothing',
  'read alert': 'nothing',
  'page alert': 'nothing',
  'write alert': 'nothing',
  'write alert chunk': 'large',
  'page alert chunk': 'large',
  'page pending': 'nothing',
  'write pending': 'nothing',
  'delete pending': 'nothing',
  'read delivered': 'nothing',
  'page delivered': 'nothing',
  'write delivered': 'nothing',
  'page outbox': 'clean-up',
  'page letter': 'letters',
  'read letter': 'letters',
  'write letter': 'letters',
  'delete letter': 'letters',
  'page held': 'letters',
  'write held': 'letters',
  'delete held': 'letters, clean-up',
  'read flush': 'letters',
};

export interface Target {
  readonly step: string;
  readonly fate: Fate;
  readonly needs: Needs;
}

/** The step and fate that a history is to meet: each in its turn, so that few histories meet them all. */
export function targetOf(seed: number): Target {
  const steps = Object.entries(STEPS);
  const [step, needs] = steps[seed % steps.length]!;
  return { step, needs, fate: FATES[Math.floor(seed / steps.length) % FATES.length]! };
}

/** Steps with a fate that none of many histories met, and steps that are not known. */
export function unmet(steps: Readonly<Record<string, number>>, crashes: Readonly<Record<string, number>>): string[] {
  const missed = Object.keys(STEPS).flatMap((step) =>
    FATES.filter((fate) => !crashes[`${step} ${fate}`]).map((fate) => `${step} ${fate}`),
  );
  const unknown = Object.keys(steps).filter((step) => !(step in STEPS));
  return [...missed, ...unknown.map((step) => `${step}: not a known step`)];
}
