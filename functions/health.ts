import { app } from '@azure/functions';
import { checkApp } from '../src/host/app-health';
import { startSettings } from '../src/host/start-settings';

const check = checkApp(startSettings(__dirname));

app.http('health', {
  route: 'health',
  methods: ['GET'],
  // Not anonymous: it tells whoever asks whether detection is down, and for which rules. Monitors send the key as x-functions-key.
  authLevel: 'function',
  handler: async () => {
    const { status, at, checks } = await check(Date.now());
    return {
      status: status === 'down' ? 503 : 200,
      jsonBody: { status, at, checks },
      headers: { 'Cache-Control': 'no-store' },
    };
  },
});
