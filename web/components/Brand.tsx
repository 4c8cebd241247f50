import type { ReactElement } from "react";

export function Brand(): ReactElement {
  return (
    <>
      <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
        <path
          fill="currentColor"
          d="M1 1h5v5H1zM7.5 1h5v5h-5zM14 1h5v5h-5zM1 7.5h5v5H1zM14 7.5h5v5h-5zM1 14h5v5H1zM7.5 14h5v5h-5zM14 14h5v5h-5z"
        />
        <path fill="none" stroke="currentColor" d="M8 8h4v4H8z" />
      </svg>
      <span>Hashwatch</span>
    </>
  );
}
