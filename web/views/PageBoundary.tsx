import { Component, type ReactElement, type ReactNode } from "react";
import { getSession } from "../api/session.ts";

interface BoundaryProps {
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly error: Error | null;
  /** What came of the last try to go on. */
  readonly problem: string | null;
}

/** Keeps the header and the way to other pages where one page breaks, or its script does not come because the server is away. */
export class PageBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: null, problem: null };

  static getDerivedStateFromError(error: unknown): Partial<BoundaryState> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error, problem } = this.state;
    if (error === null) return this.props.children;
    return <Broken error={error} problem={problem} onRetry={() => void this.#retry()} />;
  }

  /** The address says what to show: the page is loaded anew, once there is somebody to load it from. */
  async #retry(): Promise<void> {
    try {
      await getSession();
      window.location.reload();
    } catch {
      this.setState({ problem: "The server does not answer yet." });
    }
  }
}

function Broken({ error, problem, onRetry }: { error: Error; problem: string | null; onRetry: () => void }): ReactElement {
  return (
    <main>
      <div className="panel nothing" role="alert">
        <h1>{isMissingScript(error) ? "This page could not be loaded" : "This page could not be shown"}</h1>
        <p className="soft">
          {isMissingScript(error) ? "Its script did not come: the server is away, or was replaced by another version." : error.message}
        </p>
        {problem !== null && <p>{problem}</p>}
        <button type="button" className="btn primary" onClick={onRetry}>
          Try again
        </button>
      </div>
    </main>
  );
}

/** Each browser has words of its own for it. */
function isMissingScript({ message }: Error): boolean {
  return /dynamically imported module|importing a module script|module script failed|preload/i.test(message);
}
