import { createParamDecorator, ExecutionContext } from "@nestjs/common";

export interface Caller {
  sub: string;
  role: string;
}

export const CurrentUser = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  return context.switchToHttp().getRequest().user;
});
