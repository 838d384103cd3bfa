import { fourier } from './support/fourier';

export const seriesIfft = fourier('series_ifft', 'inverse');
