//! Controllers, and what guards them.

use super::super::lines::{code, lines};
use super::find;

fn routes(files: &[(&str, &str)]) -> Vec<String> {
    let code = code(files);
    lines(&code, &find(&code))
}

const MAIN: (&str, &str) = (
    "src/main.ts",
    "import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.setGlobalPrefix('api');
  app.enableVersioning();
  app.useGlobalPipes(new ValidationPipe());
  await app.listen(3000);
}
bootstrap();",
);

const MODULE: (&str, &str) = (
    "src/app.module.ts",
    "import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { UsersModule } from './users.module';
import { AuthGuard } from './auth';
@Module({ imports: [UsersModule], providers: [{ provide: APP_GUARD, useClass: AuthGuard }] })
export class AppModule {}",
);

const AUTH: (&str, &str) = (
    "src/auth.ts",
    "import { SetMetadata, UseGuards, applyDecorators } from '@nestjs/common';
export const KEY = 'isPublic';
export const Public = () => SetMetadata(KEY, true);
export const Roles = (...roles: string[]) => SetMetadata('roles', roles);
export class AuthGuard {
  canActivate(context: any) {
    const isPublic = this.reflector.getAllAndOverride(KEY, [context.getHandler(), context.getClass()]);
    if (isPublic) return true;
    return super.canActivate(context);
  }
}
export class RolesGuard {
  canActivate(context: any) {
    const roles = this.reflector.get('roles', context.getHandler());
    if (!roles) return true;
    return roles.includes(context.user.role);
  }
}
export const Admin = () => applyDecorators(Roles('admin'), UseGuards(RolesGuard));",
);

#[test]
fn guards_marks_and_composites() {
    let found = routes(&[
        MAIN,
        MODULE,
        AUTH,
        (
            "src/users.module.ts",
            "import { Module } from '@nestjs/common';
import { UsersController } from './users.controller';
@Module({ controllers: [UsersController] })
export class UsersModule { configure(consumer: any) { consumer.apply(log).exclude('users/open').forRoutes('users'); } }
function log(req: any, res: any, next: any) { next(); }",
        ),
        (
            "src/users.controller.ts",
            "import { Body, Controller, Delete, Get, Param, ParseIntPipe, Post, UseGuards, Version } from '@nestjs/common';
import { Admin, Public, RolesGuard } from './auth';
@Controller({ path: 'users', version: '1' })
export class UsersController {
  @Public()
  @Get('open')
  open() {}
  @UseGuards(RolesGuard)
  @Get(':id')
  show(@Param('id', ParseIntPipe) id: number) {}
  @Admin()
  @Version('2')
  @Delete(':id')
  remove() {}
}",
        ),
    ]);
    assert_eq!(
        found,
        [
            "GET /api/v1/users/open src/users.controller.ts:6 [AuthGuard (the route is marked `isPublic`), \
             ValidationPipe()] open",
            "GET /api/v1/users/:id src/users.controller.ts:9 [AuthGuard, RolesGuard (the route is not marked `roles`), \
             ValidationPipe(), ParseIntPipe] show",
            "DELETE /api/v2/users/:id src/users.controller.ts:13 [AuthGuard, RolesGuard, ValidationPipe()] remove",
        ]
    );
}

#[test]
fn resolvers_are_procedures() {
    let found = routes(&[(
        "src/posts.resolver.ts",
        "import { UseGuards } from '@nestjs/common';
import { Mutation, Query, Resolver } from '@nestjs/graphql';
@Resolver(() => Post)
@UseGuards(SignedIn)
export class PostsResolver {
  @Query(() => [Post], { name: 'posts' })
  findAll() {}
  @Mutation(() => Post)
  create() {}
}",
    )]);
    assert_eq!(
        found,
        [
            "QUERY posts src/posts.resolver.ts:6 [SignedIn] findAll",
            "MUTATION create src/posts.resolver.ts:8 [SignedIn] create",
        ]
    );
}
