import { join } from 'node:path';
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { startSettings } from '../src/host/start-settings';

const settings = startSettings(__dirname);

// Off: the app has no such address at all.
if (process.env.OUTRIDER_BOARD === 'entra') {
  let board: Promise<(request: HttpRequest) => Promise<HttpResponseInit>> | undefined;
  app.http('board', {
    route: 'board/{*path}',
    methods: ['GET', 'HEAD'],
    // No keys in addresses: App Service authentication stands before it, and the handler refuses whoever it did not sign in.
    authLevel: 'anonymous',
    handler: async (request) => {
      // Loaded by the first who looks: the other functions have nothing of it to read.
      board ??= import('../src/host/app-board').then(({ openAppBoard }) =>
        openAppBoard(settings(), join(__dirname, '..', 'board')),
      );
      return (await board)(request);
    },
  });
}
