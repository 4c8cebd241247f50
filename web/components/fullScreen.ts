/** Asks for the whole screen; a browser that refuses shows the page as before. */
export function enterFullScreen(): void {
  document.documentElement.requestFullscreen().catch(() => undefined);
}

export function leaveFullScreen(): void {
  if (document.fullscreenElement !== null) document.exitFullscreen().catch(() => undefined);
}
