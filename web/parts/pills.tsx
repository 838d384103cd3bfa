import type { ComponentChildren } from 'preact';
import { visible } from '../lib/hostile';
import { href } from '../lib/router';

const LEVELS = ['high', 'medium', 'low', 'informational'];

export function Severity({ level }: { readonly level: string }) {
  const known = LEVELS.includes(level.toLowerCase()) ? level.toLowerCase() : 'informational';
  return <span class={`severity ${known}`}>{visible(level)}</span>;
}

export function Status({ status, children }: { readonly status: string; readonly children?: ComponentChildren }) {
  const known = ['ok', 'degraded', 'down'].includes(status) ? status : 'degraded';
  return (
    <span class={`status ${known}`}>
      <span class="dot" aria-hidden="true" />
      {children ?? status}
    </span>
  );
}

export function Techniques({ ids }: { readonly ids: readonly string[] }) {
  return (
    <>
      {ids.map((id) => (
        <a class="chip" key={id} href={href('attack')}>
          {visible(id)}
        </a>
      ))}
    </>
  );
}
