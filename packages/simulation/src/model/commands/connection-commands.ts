import { ErrorReply, OK, Status, type Reply } from '../../resp/reply.ts';
import { CommandError, integer, word } from '../command.ts';
import type { ModelConnection } from '../model-connection.ts';
import type { ScriptLibrary } from '../script-library.ts';

/** Describes a command of a connection: it may answer more than once. */
export interface ConnectionCommand {
  readonly least: number;
  readonly most?: number;
  readonly run: (connection: ModelConnection, words: readonly string[]) => readonly Reply[];
}

/** Is what commands of a connection need from the server. */
export interface ConnectionHost {
  readonly scripts: ScriptLibrary;
  readonly isReplica: boolean;
  command(words: readonly string[]): Reply;
}

/** Lists the commands that only a connection may call, by their names in capitals. */
export function connectionCommands(host: ConnectionHost): ReadonlyMap<string, ConnectionCommand> {
  return new Map(Object.entries({ ...clientCommands, ...subscriptionCommands, ...hostCommands(host) }));
}

const clientCommands: Readonly<Record<string, ConnectionCommand>> = {
  PING: {
    least: 1,
    most: 2,
    run({ channels }, [, text]) {
      if (channels.size > 0) return [['pong', text ?? '']];
      return [text ?? new Status('PONG')];
    },
  },
  ECHO: { least: 2, most: 2, run: (_, words) => [word(words, 1)] },
  QUIT: { least: 1, run: () => [OK] },
  AUTH: {
    least: 2,
    most: 3,
    run() {
      throw new CommandError(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      );
    },
  },
  SELECT: {
    least: 2,
    most: 2,
    run(_, words) {
      if (integer(words[1]) !== 0) throw new CommandError('ERR DB index is out of range');
      return [OK];
    },
  },
  CLIENT: { least: 2, run: (connection, words) => [client(connection, words)] },
};

function client(connection: ModelConnection, words: readonly string[]): Reply {
  const name = word(words, 1);
  switch (name.toUpperCase()) {
    case 'ID':
      return connection.id;
    case 'GETNAME':
      return connection.name === '' ? null : connection.name;
    case 'SETNAME':
      connection.name = word(words, 2);
      return OK;
    case 'SETINFO':
      return OK;
    default:
      return new ErrorReply(`ERR unknown subcommand '${name}'. Try CLIENT HELP.`);
  }
}

const subscriptionCommands: Readonly<Record<string, ConnectionCommand>> = {
  SUBSCRIBE: {
    least: 2,
    run({ channels }, [, ...names]) {
      return names.map((name) => ['subscribe', name, channels.add(name).size]);
    },
  },
  UNSUBSCRIBE: {
    least: 1,
    run({ channels }, [, ...given]) {
      const names = given.length > 0 ? given : [...channels];
      if (names.length === 0) return [['unsubscribe', null, 0]];
      return names.map((name) => {
        channels.delete(name);
        return ['unsubscribe', name, channels.size];
      });
    },
  },
};

function hostCommands(host: ConnectionHost): Readonly<Record<string, ConnectionCommand>> {
  return {
    SCRIPT: { least: 2, run: (_, words) => [script(host.scripts, words)] },
    ROLE: {
      least: 1,
      most: 1,
      run: () => [host.isReplica ? ['slave', '127.0.0.1', 6379, 'connected', 0] : ['master', 0, []]],
    },
    WAIT: { least: 3, most: 3, run: () => [0] },
    MULTI: {
      least: 1,
      most: 1,
      run(connection) {
        if (connection.queued !== undefined) throw new CommandError('ERR MULTI calls can not be nested');
        connection.queued = [];
        return [OK];
      },
    },
    DISCARD: {
      least: 1,
      most: 1,
      run(connection) {
        if (connection.queued === undefined) throw new CommandError('ERR DISCARD without MULTI');
        endTransaction(connection);
        return [OK];
      },
    },
    EXEC: {
      least: 1,
      most: 1,
      run(connection) {
        const { queued, isSpoilt } = connection;
        if (queued === undefined) throw new CommandError('ERR EXEC without MULTI');
        endTransaction(connection);
        if (isSpoilt) throw new CommandError('EXECABORT Transaction discarded because of previous errors.');
        return [queued.map((words) => host.command(words))];
      },
    },
  };
}

function endTransaction(connection: ModelConnection): void {
  connection.queued = undefined;
  connection.isSpoilt = false;
}

function script(scripts: ScriptLibrary, words: readonly string[]): Reply {
  const name = word(words, 1);
  switch (name.toUpperCase()) {
    case 'LOAD': {
      const loaded = scripts.load(word(words, 2));
      return loaded instanceof ErrorReply ? loaded : loaded.sha;
    }
    case 'EXISTS':
      return words.slice(2).map((sha) => (scripts.find(sha) === undefined ? 0 : 1));
    case 'FLUSH':
      scripts.flush();
      return OK;
    default:
      return new ErrorReply(`ERR unknown subcommand '${name}'. Try SCRIPT HELP.`);
  }
}
