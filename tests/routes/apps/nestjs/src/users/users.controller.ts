import { Body, Controller, Delete, Get, Param, Patch, Req } from "@nestjs/common";
import { Roles } from "../auth/roles.decorator";
import { PrismaService } from "../prisma.service";

@Controller("users")
export class UsersController {
  constructor(private readonly prisma: PrismaService) {}

  @Get("me")
  me(@Req() request: any) {
    return this.prisma.user.findUnique({ where: { id: request.user.sub } });
  }

  @Roles("admin")
  @Get()
  list() {
    return this.prisma.user.findMany({ select: { id: true, email: true } });
  }

  @Roles("admin")
  @Delete(":id")
  remove(@Param("id") id: string) {
    return this.prisma.user.delete({ where: { id } });
  }

  @Patch(":id")
  rename(@Param("id") id: string, @Body() body: { name: string }) {
    return this.prisma.user.update({ where: { id }, data: { name: body.name } });
  }
}
