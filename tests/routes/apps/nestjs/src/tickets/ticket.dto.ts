import { IsString, MaxLength } from "class-validator";

export class TicketDto {
  @IsString()
  @MaxLength(200)
  subject: string;
}
