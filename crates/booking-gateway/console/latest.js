// What was asked for last is shown last.

/**
 * Runs `load` when called, never twice at a time: a call while it runs makes it run once more, so
 * that an older answer cannot come after a newer one. The promise ends when nothing is under way.
 */
export function latest(load) {
    let running = null;
    let wanted = false;
    async function run() {
        do {
            wanted = false;
            await load();
        } while (wanted);
    }
    return () => {
        wanted = true;
        running ??= run().finally(() => {
            running = null;
        });
        return running;
    };
}

/** Whether `hold` tells of an earlier moment than `other`. What has no moment is never older. */
export const isOlder = (hold, other) => Date.parse(hold?.changed_at) < Date.parse(other?.changed_at);
