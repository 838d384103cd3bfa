import { app } from '@azure/functions';
import { refresh, startConfig } from '../src/host/app';
import { logTo } from '../src/host/logging';

const config = startConfig(__dirname);

// Apart from the flush, which must not wait for other people's servers. How often a list is fetched is a setting; this is how soon it is noticed.
app.timer('refresh', {
  schedule: '0 23 * * * *',
  runOnStartup: false,
  handler: async (_timer, context) => {
    const log = logTo(context);
    const result = await refresh(config, log);
    if (result) log({ level: result.failed > 0 ? 'warn' : 'info', message: 'refreshed', ...result });
  },
});
