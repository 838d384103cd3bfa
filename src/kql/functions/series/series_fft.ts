import { fourier } from './support/fourier';

export const seriesFft = fourier('series_fft', 'forward');
