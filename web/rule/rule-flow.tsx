import type { RuleView } from '../../src/board/types';
import type { RulePage } from '../../src/explain/page/page';
import { apiPath } from '../lib/api';
import { useLoad } from '../lib/use-load';
import { Empty, Fault } from '../parts/panel';
import { QueryText } from '../parts/query-text';
import { Flow } from './flow';

/** The stages of a rule by its id; its query where the build left no page. */
export function RuleFlow({ ruleId }: { readonly ruleId: string }) {
  const { data, error } = useLoad<RuleView>(apiPath('rules', ruleId));
  if (!data) return error ? <Fault text={error} /> : <Empty>Reading …</Empty>;
  if (data.page) return <Flow page={data.page as RulePage} />;
  return <QueryText text={data.query} />;
}
