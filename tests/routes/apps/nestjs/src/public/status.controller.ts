import { Controller, Delete, Param } from "@nestjs/common";
import { Public } from "../auth/public.decorator";
import { PrismaService } from "../prisma.service";

// The status page of the product, which nobody signs in to.
@Public()
@Controller("incidents")
export class StatusController {
  constructor(private readonly prisma: PrismaService) {}

  @Delete(":id")
  remove(@Param("id") id: string) {
    return this.prisma.incident.delete({ where: { id } });
  }
}
