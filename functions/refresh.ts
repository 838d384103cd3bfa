import { app } from '@azure/functions';
import { refresh } from '../src/host/app';
import { logTo } from '../src/host/logging';
import { startSettings } from '../src/host/start-settings';

const settings = startSettings(__dirname);

// Apart from the flush, which must not wait for other people's servers. How often a list is fetched is a setting; this is how soon it is noticed.
app.timer('refresh', {
  schedule: '0 23 * * * *',
  runOnStartup: false,
  handler: async (_timer, context) => {
    const log = logTo(context);
    const result = await refresh(settings(), log);
    if (result) log({ level: result.failed > 0 ? 'warn' : 'info', message: 'refreshed', ...result });
  },
});
