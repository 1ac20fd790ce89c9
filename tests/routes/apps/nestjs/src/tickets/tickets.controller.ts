import { Body, Controller, Delete, Get, Param, Patch, Post } from "@nestjs/common";
import { type Caller, CurrentUser } from "../auth/user.decorator";
import { TicketDto } from "./ticket.dto";
import { TicketsService } from "./tickets.service";

@Controller("tickets")
export class TicketsController {
  constructor(private readonly tickets: TicketsService) {}

  @Get()
  mine(@CurrentUser() user: Caller) {
    return this.tickets.mine(user.sub);
  }

  @Post()
  create(@CurrentUser() user: Caller, @Body() body: TicketDto) {
    return this.tickets.create(user.sub, body.subject);
  }

  @Patch(":id")
  update(@CurrentUser() user: Caller, @Param("id") id: string, @Body() body: TicketDto) {
    return this.tickets.update(id, user.sub, body.subject);
  }

  @Delete(":id")
  remove(@Param("id") id: string) {
    return this.tickets.remove(id);
  }
}
