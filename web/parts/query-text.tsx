import { Data } from './data';

/** The text of a query, as it was written. */
export const QueryText = ({ text }: { readonly text: string }) => (
  <pre class="query" tabIndex={0} role="region" aria-label="Query">
    <Data text={text} lines />
  </pre>
);
