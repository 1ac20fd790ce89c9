import { ForbiddenException, Injectable, NotFoundException } from "@nestjs/common";
import { PrismaService } from "../prisma.service";

@Injectable()
export class TicketsService {
  constructor(private readonly prisma: PrismaService) {}

  mine(userId: string) {
    return this.prisma.ticket.findMany({ where: { userId } });
  }

  create(userId: string, subject: string) {
    return this.prisma.ticket.create({ data: { subject, userId } });
  }

  async update(id: string, userId: string, subject: string) {
    const ticket = await this.prisma.ticket.findUnique({ where: { id } });
    if (!ticket) throw new NotFoundException();
    if (ticket.userId !== userId) throw new ForbiddenException();
    return this.prisma.ticket.update({ where: { id }, data: { subject } });
  }

  remove(id: string) {
    return this.prisma.ticket.delete({ where: { id } });
  }
}
