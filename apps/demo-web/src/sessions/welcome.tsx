/** The first run: nothing is here yet. */
import { FileUp, FolderUp, Inbox, Sparkles } from "lucide";
import type { VNode } from "preact";
import { generate } from "../client/import-job.ts";
import { pickFiles, pickFolder } from "../import/pick.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";

export function Welcome(): VNode {
  return (
    <div class="welcome">
      <div class="welcome-card">
        <span class="empty-icon">
          <Icon icon={Inbox} size={28} />
        </span>
        <h2>Drop transcripts here</h2>
        <p class="welcome-text">
          Sessions of Claude Code and Codex, or any JSON lines: .jsonl, .jsonl.gz or .jsonl.zst. They stay in this
          browser: read them, archive what is finished to about a fifth of its size, and get every byte back whenever
          you like.
        </p>
        <div class="welcome-actions">
          <Button look="primary" icon={FileUp} onClick={pickFiles}>
            Choose files
          </Button>
          <Button icon={FolderUp} onClick={pickFolder}>
            Choose a folder
          </Button>
        </div>
        <p class="welcome-or">
          <span>or look around first</span>
        </p>
        <Button look="quiet" icon={Sparkles} onClick={() => void generate({ count: 24, bytes: 300_000, overDays: 90 })}>
          Make sample sessions
        </Button>
      </div>
      <p class="hint">
        Claude Code keeps its transcripts in <code>~/.claude/projects</code>, Codex in <code>~/.codex/sessions</code>.
      </p>
    </div>
  );
}
