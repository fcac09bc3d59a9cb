import { listen } from './listen.ts';

// The floor: takes the bytes in and answers.
listen((request, response) => {
  request.resume();
  request.once('end', () => response.writeHead(200).end());
}, '/');
