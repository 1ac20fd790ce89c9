//! Procedures across files, and what runs before each.

use super::super::lines::{code, lines};
use super::find;

fn routes(files: &[(&str, &str)]) -> Vec<String> {
    let code = code(files);
    lines(&code, &find(&code))
}

const BASE: (&str, &str) = (
    "server/trpc.ts",
    "import { initTRPC } from '@trpc/server';
const t = initTRPC.context<{}>().create({});
export const createTRPCRouter = t.router;
export const publicProcedure = t.procedure;
const isUser = t.middleware(({ ctx, next }) => next());
export const protectedProcedure = publicProcedure.use(isUser);
export const adminProcedure = protectedProcedure.use(async ({ ctx, next }) => next());",
);

#[test]
fn procedures_carry_the_steps_of_their_builders() {
    let found = routes(&[
        BASE,
        (
            "server/root.ts",
            "import { createTRPCRouter, publicProcedure } from './trpc';
import { users } from './users';
export const appRouter = createTRPCRouter({
  users,
  health: publicProcedure.query(() => 'ok'),
  nested: { deep: publicProcedure.mutation(() => 1) },
});",
        ),
        (
            "server/users.ts",
            "import { z } from 'zod';
import { adminProcedure, createTRPCRouter, protectedProcedure } from './trpc';
export const users = createTRPCRouter({
  list: protectedProcedure.query(({ ctx }) => []),
  remove: adminProcedure
    .input(z.object({ id: z.string() }))
    .mutation(remove),
});
async function remove() {}",
        ),
    ]);
    assert_eq!(
        found,
        [
            "QUERY health server/root.ts:5 [] =5",
            "MUTATION nested.deep server/root.ts:6 [] =6",
            "QUERY users.list server/users.ts:4 [=5] =4",
            "MUTATION users.remove server/users.ts:5 [=5, =7, z.object()] remove",
        ]
    );
}

#[test]
fn routers_are_merged() {
    let found = routes(&[(
        "server/index.ts",
        "import { initTRPC } from '@trpc/server';
const t = initTRPC.create();
const a = t.router({ x: t.procedure.query(() => 1) });
const b = t.router({ y: t.procedure.subscription(() => 1) });
export const app = t.mergeRouters(a, b);",
    )]);
    assert_eq!(found, ["QUERY x server/index.ts:3 [] =3", "SUBSCRIPTION y server/index.ts:4 [] =4"]);
}

#[test]
fn a_builder_that_cannot_be_told_is_a_layer() {
    let found = routes(&[
        BASE,
        (
            "server/root.ts",
            "import { createTRPCRouter } from './trpc';
import { signedIn } from '@acme/procedures';
export const appRouter = createTRPCRouter({ x: signedIn.input(schema).query(() => 1) });",
        ),
    ]);
    assert_eq!(found, ["QUERY x server/root.ts:3 [signedIn.input()] =3"]);
}

#[test]
fn routers_of_version_9_hold_procedures_by_name() {
    let found = routes(&[
        ("server/make.ts", "import * as trpc from '@trpc/server';\nexport const make = () => trpc.router<{}>();\n"),
        (
            "server/todos.ts",
            "import { make } from './make';
export const todos = make()
  .query('all', { resolve: () => [] })
  .middleware(signedIn)
  .mutation('add', {
    input: schema,
    async resolve({ input }) { return input; },
  });",
        ),
        (
            "server/root.ts",
            "import { make } from './make';
import { todos } from './todos';
export const appRouter = make().query('health', { resolve: () => 'ok' }).middleware(counted).merge('todos.', todos);",
        ),
    ]);
    assert_eq!(
        found,
        [
            "QUERY health server/root.ts:3 [] resolve",
            "QUERY todos.all server/todos.ts:3 [counted] resolve",
            "MUTATION todos.add server/todos.ts:5 [counted, signedIn, schema] resolve",
        ]
    );
}
