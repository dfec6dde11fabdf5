-- What becomes of visitors when something happens at a set time.
-- along: whether visitors of the address so far are sent to the new one when the draft goes live;
-- send_to: where they are sent when what is live is taken off.
ALTER TABLE variant ADD COLUMN along INTEGER NOT NULL DEFAULT 0;
ALTER TABLE variant ADD COLUMN send_to TEXT;
