/** Version of the messages between agent and server; a change of meaning raises it, a new nullable field does not. */
export const CONTRACT_VERSION = 1;
