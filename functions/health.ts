import { app } from '@azure/functions';
import { openHealth, startConfig } from '../src/host/app';
import { checkHealth } from '../src/host/health';

const source = openHealth(startConfig(__dirname));

app.http('health', {
  route: 'health',
  methods: ['GET'],
  // Not anonymous: it tells whoever asks whether detection is down, and for which rules. Monitors send the key as x-functions-key.
  authLevel: 'function',
  handler: async () => {
    const { status, at, checks } = await checkHealth(source, Date.now());
    return {
      status: status === 'down' ? 503 : 200,
      jsonBody: { status, at, checks },
      headers: { 'Cache-Control': 'no-store' },
    };
  },
});
